/** What can be done with a finished episode: look at it again, send it to someone, keep it as a file. */
import { useState } from 'react';
import type { Trace } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import { formatRefusal } from '../../base/result.ts';
import { LinkButton } from '../parts/Button.tsx';
import { saveFile } from '../parts/save-file.ts';
import { useAnswer } from '../parts/use-answer.ts';
import { episodeTitle, plural } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { agent, data } from '../worker-client.ts';
import { paintEnding } from './ending-picture.ts';
import { formatReplayPage } from './page-file.ts';
import { COMFORTABLE_LINK, packTrace } from './share.ts';

export function SharePanel({ trace, replayable }: { trace: Trace; replayable: boolean }) {
  const [said, setSaid] = useState('');
  const packed = useAnswer([trace], () => packTrace(formatTrace(trace)));
  if (packed === undefined) return null;
  const route = formatRoute('replay', { t: packed });
  const link = `${window.location.href.split('#')[0]}${route}`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      const long = link.length > COMFORTABLE_LINK ? ' It is long: some messengers may cut it.' : '';
      setSaid(`Copied: a link of ${plural(link.length, 'character')} that holds the whole episode.${long}`);
    } catch {
      setSaid("This browser doesn't let the page copy. Open the replay and copy its address.");
    }
  };
  const keep = async (): Promise<void> => {
    const kept = await agent().keepMemory(formatTrace(trace));
    setSaid(kept.ok ? 'Kept: the next episode can use it.' : formatRefusal(kept.error));
  };
  const savePage = async (): Promise<void> => {
    const replayed = await agent().replay(formatTrace(trace));
    const page = replayed.ok
      ? formatReplayPage(trace, replayed.value, window.location.href.split('#')[0] ?? '')
      : replayed;
    if (page.ok) saveFile(fileName(trace, 'html'), page.value, 'text/html');
    setSaid(page.ok ? 'Saved: a page that plays anywhere, without a network.' : formatRefusal(page.error));
  };
  const picture = async (use: (png: File) => Promise<void> | void): Promise<void> => {
    const png = await paintEnding(trace);
    if (!png.ok) return setSaid(formatRefusal(png.error));
    await use(new File([png.value], fileName(trace, 'png'), { type: 'image/png' }));
  };
  const send = (png: File): Promise<void> =>
    navigator
      .share({ files: [png], title: episodeTitle(trace), text: episodeTitle(trace) })
      .catch((error) => {
        // Whoever closes the dialog wants no message about it.
        if ((error as DOMException).name !== 'AbortError')
          setSaid("This browser didn't share the picture. Save it.");
      });
  const store = async (): Promise<void> => {
    const kept = await data().keepEpisode(formatTrace(trace));
    setSaid(kept.ok ? 'Kept on this device: it is listed under Replay.' : formatRefusal(kept.error));
  };
  return (
    <div className="share">
      {replayable && <a href={route}>Replay</a>}
      <LinkButton onClick={() => void copy()}>Copy link</LinkButton>
      <LinkButton onClick={() => void store()}>Keep episode</LinkButton>
      <LinkButton onClick={() => saveFile(fileName(trace, 'jsonl'), formatTrace(trace), 'application/jsonl')}>
        Save file
      </LinkButton>
      <LinkButton onClick={() => void savePage()}>Save as a page</LinkButton>
      <LinkButton onClick={() => void picture((png) => saveFile(png.name, png, png.type))}>
        Save picture
      </LinkButton>
      {canSharePictures() && <LinkButton onClick={() => void picture(send)}>Share picture</LinkButton>}
      {trace.end?.end === 'won' && replayable && (
        <LinkButton onClick={() => void keep()}>Keep as a memory</LinkButton>
      )}
      <span role="status">{said}</span>
    </div>
  );
}

function fileName({ header }: Trace, kind: 'jsonl' | 'html' | 'png'): string {
  return `${header.game.key.replace(/[^\w-]+/g, '_').slice(0, 150)}.${kind}`;
}

function canSharePictures(): boolean {
  const probe = new File([], 'ending.png', { type: 'image/png' });
  return navigator.canShare?.({ files: [probe] }) === true;
}
