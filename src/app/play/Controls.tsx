/** The buttons of an episode: run, pause, step, stop, how fast, and again. */
import { type Pace, PaceSelect, restOf } from './PaceSelect.tsx';
import type { EpisodeDriver } from './use-episode.ts';

interface ControlsProps {
  readonly driver: EpisodeDriver;
  readonly ready: boolean;
  readonly person: boolean;
  readonly pace: Pace;
  readonly onPace: (pace: Pace) => void;
}

export function Controls({ driver, ready, person, pace, onPace }: ControlsProps) {
  const { phase } = driver.state;
  const under = phase === 'running' || phase === 'paused' || phase === 'asking';
  // A person's turn needs no button, unless what was under way was interrupted.
  const turn = person && (phase === 'running' || phase === 'asking');
  const restMs = person ? 0 : restOf(pace);
  return (
    <fieldset className="controls">
      <legend className="hidden">Play</legend>
      {phase === 'ended' ? (
        <button type="button" className="primary" onClick={driver.reset}>
          Again
        </button>
      ) : phase === 'running' && !person ? (
        <button type="button" className="primary" onClick={driver.pause}>
          Pause
        </button>
      ) : (
        !turn && (
          <button
            type="button"
            className="primary"
            disabled={!ready}
            // Disabled in earnest it would lose the focus, and the next button with it.
            aria-disabled={phase === 'preparing'}
            onClick={() => phase !== 'preparing' && driver.run(restMs)}
          >
            {phase === 'preparing'
              ? 'Getting ready …'
              : phase === 'paused'
                ? 'Go on'
                : person
                  ? 'Let me play'
                  : 'Run'}
          </button>
        )
      )}
      {!person && phase !== 'ended' && (
        <button type="button" disabled={!ready || phase === 'preparing'} onClick={driver.step}>
          Step
        </button>
      )}
      {under && (
        <button type="button" onClick={driver.stop}>
          Stop
        </button>
      )}
      {!person && (
        <PaceSelect pace={pace} onPace={onPace} run={phase === 'running' ? driver.run : undefined} />
      )}
    </fieldset>
  );
}
