/** Why the chosen step was taken: what the student would have said and done with each memory left out in turn. */
import { useEffect, useState } from 'react';
import type { Trace } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import type { WhyReport } from '../../agent/why.ts';
import { formatTimes, timesLess, whySentence } from '../../agent/why-sentence.ts';
import { formatRefusal, type Result } from '../../base/result.ts';
import { agent } from '../worker-client.ts';
import { Button } from './Button.tsx';

interface WhyProps {
  readonly trace: Trace;
  /** From 1; 0 where none was chosen. */
  readonly step: number;
  /** Whoever chose the step has asked already. */
  readonly asked?: boolean;
}

/** Whether there is anything to ask about an episode. */
export function hasReasons({ student, memory }: Trace['header']): boolean {
  const model = student.kind === 'pocket' || student.kind === 'smollm2';
  return model && (memory.scripts.length > 0 || memory.trajectory !== undefined);
}

export function Why({ trace, step, asked = false }: WhyProps) {
  const { memory } = trace.header;
  if (!hasReasons(trace.header)) {
    return (
      <p className="quiet">
        {memory.scripts.length > 0 || memory.trajectory !== undefined
          ? 'Only a model has probabilities that could be compared: ask about an episode of the pocket student or of SmolLM2.'
          : 'No memory was in the prompt, so none can have been the cause.'}
      </p>
    );
  }
  if (step === 0) return <p className="quiet">Choose a step of the conversation to ask about it.</p>;
  if (step <= (trace.header.branch?.steps ?? 0))
    return <p className="quiet">This step was taken over from another episode: ask there.</p>;
  // An answer belongs to its step.
  return <Asking key={step} trace={trace} step={step} asked={asked} />;
}

function Asking({ trace, step, asked: askedBefore }: Required<WhyProps>) {
  const [asked, setAsked] = useState(askedBefore);
  const [progress, setProgress] = useState<readonly [number, number]>([0, 1]);
  const [answer, setAnswer] = useState<Result<WhyReport>>();
  // What came before a step doesn't change, whatever is added behind it.
  const text = asked ? formatTrace({ ...trace, steps: trace.steps.slice(0, step), end: undefined }) : '';
  useEffect(() => {
    if (text === '') return;
    let wanted = true;
    setAnswer(undefined);
    void agent()
      .why(text, step, (done, total) => {
        if (wanted) setProgress([done, total]);
      })
      .then((answered) => {
        if (wanted) setAnswer(answered);
      });
    return () => {
      wanted = false;
      void agent().stopWhy();
    };
  }, [text, step]);
  return (
    <div className="why">
      {!asked ? (
        <Button onClick={() => setAsked(true)}>Why step {step}?</Button>
      ) : answer === undefined ? (
        <p className="row" role="status">
          <progress max={progress[1]} value={progress[0]} aria-label="Memories left out so far" /> The student
          decides again, {progress[0]} of {progress[1]} times …
        </p>
      ) : answer.ok ? (
        <WhyAnswer report={answer.value} />
      ) : (
        <p className="notice bad">{formatRefusal(answer.error)}</p>
      )}
    </div>
  );
}

export function WhyAnswer({ report }: { report: WhyReport }) {
  const { action, logProbability } = report;
  const parts = report.parts
    .map((part) => ({ ...part, change: part.logProbability - logProbability }))
    .sort((a, b) => a.change - b.change);
  return (
    <>
      <p className="why-sentence" role="status">
        {whySentence(report)}
      </p>
      <p className="quiet">
        With all memories the whole reply, thought and action, has a probability of {percent(logProbability)}.
        Without one of them:
      </p>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th>Without</th>
              <th>Probability of the same reply</th>
              <th>What it would do</th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part) => (
              <tr key={`${part.kind}${part.ids.join()}`}>
                <td>{part.label}</td>
                <td>
                  <span className="probability">
                    <span style={{ width: percent(part.logProbability).replace(' ', '') }} />
                  </span>
                  {percent(part.logProbability)}, {ratio(timesLess(report, part))}
                </td>
                <td>
                  {part.instead === action ? (
                    'the same'
                  ) : (
                    <code>{part.instead === '' ? 'nothing' : part.instead}</code>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function percent(logProbability: number): string {
  return `${(100 * Math.exp(logProbability)).toFixed(1)} %`;
}

function ratio(less: number): string {
  if (less > 0.95 && less < 1.05) return 'as likely';
  return less > 1 ? `${formatTimes(less)} times less` : `${formatTimes(1 / less)} times more`;
}
