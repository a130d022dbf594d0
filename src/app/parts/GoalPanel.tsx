/** The task, and the conditions of its goal ticking off as the agent comes to know of them. */
import type { TaskReading } from '../../agent/trace.ts';
import type { SeenCondition } from '../../engine/index.ts';
import { sentence } from './words.ts';

interface GoalProps {
  /** Left out where it stands elsewhere. */
  readonly task?: string;
  /** What the student was told in its place. */
  readonly readAs?: TaskReading | undefined;
  readonly goal: readonly SeenCondition[];
}

export function GoalPanel({ task, readAs, goal }: GoalProps) {
  return (
    <div className="goal">
      {task !== undefined && <h1>{sentence(task)}</h1>}
      {readAs !== undefined && (
        <p className={'task' in readAs ? 'notice' : 'notice bad'}>
          {'task' in readAs ? (
            <>
              I read this as: <b>{readAs.task}</b>
            </>
          ) : (
            `I don't understand this task, and read its words as they are. ${readAs.refusal.message}`
          )}
        </p>
      )}
      <ul aria-label="Conditions of the goal">
        {goal.map(({ text, holds }) => (
          <li key={text} className={holds === undefined ? 'unknown' : holds ? 'holds' : ''}>
            <span className="tick" aria-hidden="true" />
            {text}
            <span className="hidden">
              {holds === undefined ? ': not known yet' : holds ? ': done' : ': not yet'}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
