/** The task, and the conditions of its goal ticking off. */
import type { Condition } from '../../engine/index.ts';
import { sentence } from './words.ts';

export function Goal({ task, goal, level = 1 }: { task: string; goal: readonly Condition[]; level?: 1 | 2 }) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className="goal">
      <Heading>{sentence(task)}</Heading>
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
