/** Why both stand still although nobody paused them. */
import type { Pair } from './pair.ts';

export function Interruption({ pair: { without, withMemory } }: { pair: Pair }) {
  const why = without.state.interruption ?? withMemory.state.interruption;
  return why === undefined ? null : (
    <p className="notice" role="status">
      {why}
    </p>
  );
}
