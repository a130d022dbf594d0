/** Going on from a step of a replay: by hand, or with a student that remembers or doesn't. */
import { formatTrace } from '../../agent/trace-file.ts';
import { Button } from '../parts/Button.tsx';
import { wantPlay } from '../parts/wanted-play.ts';
import { DEFAULT_STUDENT, type PlaySetup, parseSetup, STUDENT_CHOICES, setupParams } from '../route.ts';
import { go } from '../use-route.ts';
import { packTrace } from './share.ts';
import type { OpenedTrace } from './use-replay.ts';

interface BranchOffProps {
  readonly opened: OpenedTrace;
  /** The step that is looked at; 0 is the start. */
  readonly at: number;
}

export function BranchOff({ opened: { trace, replayed }, at }: BranchOffProps) {
  const { header, steps } = trace;
  const { card, mismatches } = replayed;
  if (card === undefined) return null;
  const over = steps[at - 1]?.won === true || at >= header.settings.maxSteps;
  const wrong = mismatches.some(({ step }) => step <= at);
  const before = header.student.kind;
  const student = STUDENT_CHOICES.find((one) => one === before && one !== 'human') ?? DEFAULT_STUDENT;
  const branch = async (change: Pick<PlaySetup, 'student' | 'memory'>): Promise<void> => {
    const until = formatTrace({ header, steps: steps.slice(0, at), end: undefined });
    const from = at === 0 ? undefined : await packTrace(until);
    wantPlay();
    go('play', setupParams({ ...parseSetup(new URLSearchParams()), source: card.source, from, ...change }));
  };
  return (
    <fieldset className="branch-off" disabled={over || wrong}>
      <legend>
        {over ? 'Go on from an earlier step' : at === 0 ? 'Go on from the start' : `Go on from step ${at}`}
      </legend>
      <Button onClick={() => void branch({ student: 'human', memory: 'none' })}>By hand</Button>
      <Button onClick={() => void branch({ student, memory: 'memp' })}>With memory</Button>
      <Button onClick={() => void branch({ student, memory: 'none' })}>Without memory</Button>
    </fieldset>
  );
}
