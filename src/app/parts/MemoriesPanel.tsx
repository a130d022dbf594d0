/** The memories that an episode's prompt shows: scripts with their similarity, and the reference trajectory. */
import type { TraceHeader } from '../../agent/trace.ts';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import { looksInWords } from './looks.ts';
import type { Naming } from './named-by.ts';
import { plural, seconds } from './words.ts';

export function MemoriesPanel({
  header,
  recallMs,
  unkept,
  naming,
}: {
  header: TraceHeader | undefined;
  recallMs?: number | undefined;
  /** Why only the memories that came with the page were searched. */
  unkept?: Refusal | undefined;
  /** Where the agent is going, where a memory names it. */
  naming?: Naming | undefined;
}) {
  if (header === undefined) {
    return <p className="quiet">The memories for this task are chosen when the episode begins.</p>;
  }
  const { scripts, trajectory, dropped, searched } = header.memory;
  if (scripts.length === 0 && trajectory === undefined) {
    return (
      <p className="quiet">
        {header.settings.memory === 'none'
          ? 'This episode is played without memory.'
          : 'The bank holds nothing for this task.'}
      </p>
    );
  }
  return (
    <div className="memories">
      {unkept !== undefined && (
        <p className="notice">
          Only the memories that came with this page were searched. {formatRefusal(unkept)}
        </p>
      )}
      {recallMs !== undefined && (
        <p className="quiet">
          {plural(scripts.length, 'plan (script)', 'plans (scripts)')}
          {trajectory === undefined ? '' : ' and an example (trajectory)'}, chosen in {seconds(recallMs)}.
          {dropped.scripts > 0 && ` ${dropped.scripts} didn't fit into the context.`}
        </p>
      )}
      <ol>
        {scripts.map(({ id, similarity, ownHome, script }) => (
          <li key={id} className={naming?.ids.has(id) ? 'memory lit' : 'memory'}>
            <details>
              <summary>
                <Similarity value={similarity} />
                <span className="memory-name">{script.taskName}</span>
                {ownHome && <span className="tag">this home</span>}
                {naming?.ids.has(id) && <span className="names">names {naming.place}</span>}
              </summary>
              <p>{script.guidelines}</p>
            </details>
          </li>
        ))}
      </ol>
      {trajectory !== undefined && (
        <details className={naming?.ids.has(trajectory.id) ? 'memory reference lit' : 'memory reference'}>
          <summary>
            <Similarity value={trajectory.similarity} />
            <span className="memory-name">
              Example (trajectory), {plural(trajectory.trajectory.steps.length, 'step')}
            </span>
            {trajectory.ownHome && <span className="tag">this home</span>}
          </summary>
          <ol className="steps">
            {trajectory.trajectory.steps.map(({ thought, action, observation }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a trajectory never changes
              <li key={i}>
                <span className="thought">{thought}</span> <code>{action}</code> {observation}
              </li>
            ))}
          </ol>
        </details>
      )}
      {searched !== undefined && (
        <details className="memory">
          <summary>
            <span className="memory-name">Where one looked in this home</span>
          </summary>
          <p className="quiet">
            In no prompt: a student that is held to what can be looks next where it's likeliest.
          </p>
          <ul>
            {searched.map((one) => (
              <li key={one.object}>{looksInWords(one)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Similarity({ value }: { value: number }) {
  return (
    <span className="similarity" title={`similarity ${value.toFixed(3)}`}>
      <span className="hidden">similarity </span>
      {value.toFixed(2)}
    </span>
  );
}
