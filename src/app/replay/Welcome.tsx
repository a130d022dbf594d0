/** Replay without a trace yet: the episodes that were kept here, and a way to open one from a file. */
import { useState } from 'react';
import { parseTrace, TRACE_LIMITS } from '../../agent/trace-file.ts';
import { readPickedText } from '../../base/read-file.ts';
import { formatRefusal, type Refusal, type Result } from '../../base/result.ts';
import type { Deletion, KeptEpisode, Samples } from '../../protocol/data.ts';
import { deleteKept } from '../activities/undo.ts';
import { dataVersion } from '../data-changes.ts';
import { LinkButton } from '../parts/Button.tsx';
import { FileField } from '../parts/FileField.tsx';
import { useTaken } from '../parts/use-answer.ts';
import { inSentence, MEMORY_NAMES, plural, quoted, sentence, studentName } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { useStore } from '../store.ts';
import { go } from '../use-route.ts';
import { data } from '../worker-client.ts';
import { packTrace } from './share.ts';

export function Welcome() {
  const [problem, setProblem] = useState<Refusal>();
  return (
    <div className="prose">
      <h1>Replay</h1>
      <p>
        Every episode leaves a trace: what was seen, remembered, said and done. It plays again exactly,
        without a model. Open one from the end of an episode, from a link that someone sent you, or from a
        file.
      </p>
      <p className="row">
        <FileField
          label="A trace file"
          accept=".jsonl,.json,.txt"
          onFiles={([file]) => void openFile(file).then(setProblem)}
        />
      </p>
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      <Kept />
    </div>
  );
}

/** Goes to the replay of a file: its address holds the whole, so that a reload and the back button find it again. */
async function openFile(file: File): Promise<Refusal | undefined> {
  // A character takes at most four bytes.
  if (file.size > 4 * TRACE_LIMITS.length) return TOO_LARGE;
  const text = await readPickedText(file);
  if (!text.ok) return text.error;
  const trace = parseTrace(text.value);
  if (!trace.ok) return trace.error;
  const packed = await packTrace(text.value);
  if (packed.length > LONGEST_ADDRESS) return TOO_LARGE;
  go('replay', { t: packed });
  return undefined;
}

/** Chromium opens no address of more than two million characters. */
const LONGEST_ADDRESS = 1_900_000;
const TOO_LARGE = { code: 'TRACE_TOO_LARGE', message: 'This file is too large for the trace of an episode.' };

function Kept() {
  const [episodes, setEpisodes] = useState<Result<readonly KeptEpisode[]>>();
  const [samples, setSamples] = useState<Result<Samples>>();
  const version = useStore(dataVersion);
  useTaken(
    [version],
    () => Promise.all([data().episodes(), data().samples()]),
    ([kept, shipped]) => {
      setEpisodes(kept);
      setSamples(shipped);
    },
  );
  const [problem, setProblem] = useState<Refusal>();
  const remove = ({ task }: KeptEpisode, deleting: Promise<Result<Deletion | undefined>>): void =>
    void deleteKept(`the episode ${quoted(task)}`, deleting).then(setProblem);
  if (episodes === undefined) return <p className="quiet">Opening what is kept …</p>;
  const shipped = samples?.ok ? samples.value.episodes : [];
  return (
    <>
      <section aria-labelledby="kept-heading">
        <h2 id="kept-heading">Kept on this device</h2>
        {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
        {!episodes.ok ? (
          // What came with the page is shown all the same.
          <p className="notice bad">{formatRefusal(episodes.error)}</p>
        ) : episodes.value.length === 0 ? (
          <p className="quiet">None yet: “Keep episode” at the end of one puts it here.</p>
        ) : (
          <Episodes
            label="Kept episodes"
            episodes={episodes.value}
            onRemove={(episode) => remove(episode, data().deleteEpisode(episode.id))}
          />
        )}
      </section>
      {samples?.ok === false && <p className="notice bad">{formatRefusal(samples.error)}</p>}
      {shipped.length > 0 && (
        <section aria-labelledby="shipped-heading">
          <h2 id="shipped-heading">Came with this page</h2>
          <Episodes
            label="Episodes of this page"
            episodes={shipped}
            onRemove={(episode) => remove(episode, data().hideSample(episode.id))}
          />
        </section>
      )}
    </>
  );
}

interface EpisodesProps {
  readonly label: string;
  readonly episodes: readonly KeptEpisode[];
  readonly onRemove: (episode: KeptEpisode) => void;
}

function Episodes({ label, episodes, onRemove }: EpisodesProps) {
  return (
    <ol className="kept" aria-label={label}>
      {episodes.map((episode) => (
        <li key={episode.id}>
          <a href={formatRoute('replay', { id: episode.id })}>{sentence(episode.task)}</a>
          <span className="quiet">
            {episode.won ? 'solved' : 'not solved'} in {plural(episode.steps, 'step')} by{' '}
            {studentName(episode.student)}, {inSentence(MEMORY_NAMES[episode.memory])},{' '}
            {episode.at.slice(0, 16).replace('T', ' ')}
          </span>
          <LinkButton onClick={() => onRemove(episode)}>
            Delete<span className="hidden"> {sentence(episode.task)}</span>
          </LinkButton>
        </li>
      ))}
    </ol>
  );
}
