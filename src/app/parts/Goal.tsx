/** The task, and the conditions of its goal ticking off as the agent comes to know of them. */
import type { SeenCondition } from '../../engine/index.ts';
import { sentence } from './words.ts';

/** @param task left out where it stands elsewhere. */
export function Goal({ task, goal }: { task?: string; goal: readonly SeenCondition[] }) {
  return (
    <div className="goal">
      {task !== undefined && <h1>{sentence(task)}</h1>}
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
