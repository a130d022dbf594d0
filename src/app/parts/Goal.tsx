/** The task, and the conditions of its goal ticking off. */
import type { Condition } from '../../engine/index.ts';
import { sentence } from './words.ts';

/** @param task left out where it stands elsewhere. */
export function Goal({ task, goal }: { task?: string; goal: readonly Condition[] }) {
  return (
    <div className="goal">
      {task !== undefined && <h1>{sentence(task)}</h1>}
      <ul aria-label="Conditions of the goal">
        {goal.map(({ text, holds }) => (
          <li key={text} className={holds ? 'holds' : ''}>
            <span className="tick" aria-hidden="true" />
            {text}
            <span className="hidden">{holds ? ': done' : ': not yet'}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
