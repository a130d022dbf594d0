/** The buttons of an episode: run, pause, step, stop, how fast, and again. */
import { Button, PrimaryButton } from '../parts/Button.tsx';
import { type Pace, PaceSelect, restOf } from './PaceSelect.tsx';
import type { EpisodeDriver } from './use-episode.ts';

interface ControlsProps {
  readonly driver: EpisodeDriver;
  readonly person: boolean;
  readonly pace: Pace;
  readonly onPace: (pace: Pace) => void;
}

export function Controls({ driver, person, pace, onPace }: ControlsProps) {
  const { phase } = driver.state;
  const under = phase === 'running' || phase === 'paused' || phase === 'asking';
  // A person's turn needs no button, unless what was under way was interrupted.
  const turn = person && (phase === 'running' || phase === 'asking');
  const restMs = person ? 0 : restOf(pace);
  return (
    <fieldset className="controls">
      <legend className="hidden">Play</legend>
      {phase === 'ended' ? (
        <PrimaryButton onClick={driver.reset}>Again</PrimaryButton>
      ) : phase === 'running' && !person ? (
        <PrimaryButton onClick={driver.pause}>Pause</PrimaryButton>
      ) : (
        !turn && (
          <PrimaryButton
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
          </PrimaryButton>
        )
      )}
      {!person && phase !== 'ended' && (
        <Button disabled={phase === 'preparing'} onClick={driver.step}>
          Step
        </Button>
      )}
      {under && <Button onClick={driver.stop}>Stop</Button>}
      {!person && (
        <PaceSelect pace={pace} onPace={onPace} run={phase === 'running' ? driver.run : undefined} />
      )}
    </fieldset>
  );
}
