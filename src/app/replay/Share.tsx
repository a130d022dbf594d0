/** What can be done with a finished episode: look at it again, send it to someone, keep it as a file. */
import { useEffect, useState } from 'react';
import type { Trace } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import { formatRefusal } from '../../base/result.ts';
import { plural } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { agent, data } from '../worker-client.ts';
import { COMFORTABLE_LINK, packTrace } from './share.ts';

export function Share({ trace, replayable }: { trace: Trace; replayable: boolean }) {
  const [packed, setPacked] = useState<string>();
  const [said, setSaid] = useState('');
  useEffect(() => {
    let wanted = true;
    void packTrace(formatTrace(trace)).then((text) => wanted && setPacked(text));
    return () => {
      wanted = false;
    };
  }, [trace]);
  if (packed === undefined) return null;
  const route = formatRoute('replay', { t: packed });
  const link = `${window.location.href.split('#')[0]}${route}`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      const long = link.length > COMFORTABLE_LINK ? ' It is long: some messengers may cut it.' : '';
      setSaid(`Copied: a link of ${plural(link.length, 'character')} that holds the whole episode.${long}`);
    } catch {
      setSaid('This browser doesn’t let the page copy. Open the replay and copy its address.');
    }
  };
  const keep = async (): Promise<void> => {
    const kept = await agent().remember(formatTrace(trace));
    setSaid(kept.ok ? 'Kept: the next episode can be reminded of it.' : formatRefusal(kept.error));
  };
  const store = async (): Promise<void> => {
    const kept = await data().keepEpisode(formatTrace(trace));
    setSaid(kept.ok ? 'Kept on this device: it is listed under Replay.' : formatRefusal(kept.error));
  };
  return (
    <div className="share">
      {replayable && <a href={route}>Replay</a>}
      <button type="button" className="link" onClick={() => void copy()}>
        Copy link
      </button>
      <button type="button" className="link" onClick={() => void store()}>
        Keep episode
      </button>
      <button type="button" className="link" onClick={() => saveFile(fileName(trace), formatTrace(trace))}>
        Save file
      </button>
      {trace.end?.end === 'won' && replayable && (
        <button type="button" className="link" onClick={() => void keep()}>
          Keep as a memory
        </button>
      )}
      <span role="status">{said}</span>
    </div>
  );
}

function fileName({ header }: Trace): string {
  return `${header.game.key.replace(/[^\w-]+/g, '_')}.jsonl`;
}

/** Hands the user a file that was made in the page. */
export function saveFile(name: string, content: BlobPart, type = 'application/jsonl'): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
