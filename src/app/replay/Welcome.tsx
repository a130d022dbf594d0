/** Replay without a trace yet: the episodes that were kept here, and a way to open one from a file. */
import { useEffect, useId, useMemo, useState } from 'react';
import { formatRefusal, type Result } from '../../base/result.ts';
import type { KeptEpisode } from '../../protocol/data.ts';
import { newest } from '../parts/newest.ts';
import { MEMORY_NAMES, plural, sentence, studentName } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { data } from '../worker-client.ts';

export function Welcome({ onFile }: { onFile: (text: string) => void }) {
  const id = useId();
  return (
    <div className="prose">
      <h1>Replay</h1>
      <p>
        Every episode leaves a trace: what was seen, remembered, said and done. It plays again exactly,
        without a model. Open one from the end of an episode, from a link that someone sent you, or from a
        file.
      </p>
      <p className="row">
        <label htmlFor={id}>A trace file</label>
        <input
          id={id}
          type="file"
          accept=".jsonl,.json,.txt"
          onChange={(event) => {
            void event.target.files?.[0]?.text().then(onFile);
          }}
        />
      </p>
      <Kept />
    </div>
  );
}

function Kept() {
  const [episodes, setEpisodes] = useState<Result<readonly KeptEpisode[]>>();
  const look = useMemo(() => newest(() => data().episodes(), setEpisodes), []);
  useEffect(() => void look(), [look]);
  if (episodes === undefined) return null;
  if (!episodes.ok) return <p className="notice bad">{formatRefusal(episodes.error)}</p>;
  return (
    <section aria-labelledby="kept-heading">
      <h2 id="kept-heading">Kept on this device</h2>
      {episodes.value.length === 0 ? (
        <p className="quiet">None yet: ‘Keep episode’ at the end of one puts it here.</p>
      ) : (
        <ol className="kept" aria-label="Kept episodes">
          {episodes.value.map((episode) => (
            <li key={episode.id}>
              <a href={formatRoute('replay', { id: episode.id })}>{sentence(episode.task)}</a>
              <span className="quiet">
                {episode.won ? 'solved' : 'not solved'} in {plural(episode.steps, 'step')} by{' '}
                {studentName(episode.student)}, {MEMORY_NAMES[episode.memory].toLowerCase()},{' '}
                {episode.at.slice(0, 16).replace('T', ' ')}
              </span>
              <button
                type="button"
                className="link"
                onClick={() => {
                  void data().deleteEpisode(episode.id).then(look);
                }}
              >
                Delete<span className="hidden"> {sentence(episode.task)}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
