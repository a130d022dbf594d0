/** Runs and pauses the episodes beside each other, at a pace. */
import { type Pace, PaceSelect, restOf } from '../play/PaceSelect.tsx';
import type { Together } from './pair.ts';

interface PairControlsProps {
  readonly pair: Together;
  /** How many there are, in a word. */
  readonly all?: string;
  /** What the button says that begins. */
  readonly begin: string;
  readonly pace: Pace;
  readonly onPace: (pace: Pace) => void;
}

export function PairControls({ pair, all = 'both', begin, pace, onPace }: PairControlsProps) {
  const { over, running, fresh } = pair;
  return (
    <fieldset className="controls">
      <legend className="hidden">{all === 'both' ? 'Both' : 'All'}</legend>
      <button
        type="button"
        className={over ? '' : 'primary'}
        onClick={() => (over ? pair.reset() : running ? pair.pause() : pair.run(restOf(pace)))}
      >
        {over ? 'Again' : running ? `Pause ${all}` : fresh ? begin : 'Go on'}
      </button>
      <PaceSelect pace={pace} onPace={onPace} run={running ? pair.run : undefined} />
    </fieldset>
  );
}
