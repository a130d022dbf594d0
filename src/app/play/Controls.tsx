/** The buttons of an episode: run, pause, step, stop, how fast, and again. */
import type { EpisodeDriver } from './use-episode.ts';

/** Milliseconds of rest after each step. */
export const PACES = [
  ['slow', 2000],
  ['readable', 900],
  ['fast', 250],
  ['as fast as it goes', 0],
] as const;
export type Pace = (typeof PACES)[number][0];

export interface ControlsProps {
  readonly driver: EpisodeDriver;
  readonly ready: boolean;
  readonly person: boolean;
  readonly pace: Pace;
  readonly onPace: (pace: Pace) => void;
}

export function restOf(pace: Pace): number {
  return PACES.find(([name]) => name === pace)?.[1] ?? 0;
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
            disabled={!ready || phase === 'preparing'}
            onClick={() => driver.run(restMs)}
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
        <select
          aria-label="Pace"
          value={pace}
          onChange={(event) => {
            const chosen = event.target.value as Pace;
            onPace(chosen);
            if (phase === 'running') driver.run(restOf(chosen));
          }}
        >
          {PACES.map(([name]) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </fieldset>
  );
}
