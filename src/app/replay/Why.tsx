/** Why the chosen step was taken: how probable its action is with each memory left out in turn. */
import { useEffect, useState } from 'react';
import type { Trace } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import type { WhyReport } from '../../agent/why.ts';
import { formatRefusal } from '../../base/result.ts';
import { agent } from '../worker-client.ts';

export function Why({ trace, step }: { trace: Trace; step: number }) {
  const [report, setReport] = useState<WhyReport>();
  const [progress, setProgress] = useState<readonly [number, number]>();
  const [problem, setProblem] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer belongs to its step
  useEffect(() => {
    setReport(undefined);
    setProblem('');
  }, [trace, step]);
  const { student, memory } = trace.header;
  const remembered = memory.scripts.length > 0 || memory.trajectory !== undefined;
  if (student.kind !== 'pocket' || !remembered) {
    return (
      <p className="quiet">
        {remembered
          ? 'Only a model has probabilities that could be compared: ask about an episode of the pocket student.'
          : 'No memory was in the prompt, so none can have been the cause.'}
      </p>
    );
  }
  if (step === 0) return <p className="quiet">Choose a step of the conversation to ask about it.</p>;
  const ask = async (): Promise<void> => {
    setProgress([0, 1]);
    const answer = await agent().why(formatTrace(trace), step, (done, total) => setProgress([done, total]));
    setProgress(undefined);
    if (answer.ok) setReport(answer.value);
    else setProblem(formatRefusal(answer.error));
  };
  return (
    <div className="why">
      {problem !== '' && <p className="notice bad">{problem}</p>}
      {progress !== undefined ? (
        <p className="row" role="status">
          <progress max={progress[1]} value={progress[0]} aria-label="Memories left out so far" /> The student
          decides again, {progress[0]} of {progress[1]} times …
        </p>
      ) : report?.step === step ? (
        <Answer report={report} />
      ) : (
        <button type="button" onClick={() => void ask()}>
          Why step {step}?
        </button>
      )}
    </div>
  );
}

function Answer({ report: { action, logProbability, parts } }: { report: WhyReport }) {
  const base = Math.exp(logProbability);
  const changes = parts
    .map((part) => ({ ...part, change: Math.exp(part.logProbability) - base }))
    .sort((a, b) => a.change - b.change);
  return (
    <>
      <p>
        With all memories <code>{action}</code> has a probability of {percent(base)}. Leaving one out changes
        it:
      </p>
      <table>
        <thead>
          <tr>
            <th>Without</th>
            <th>Probability</th>
            <th>Change</th>
            <th>What it would do</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ kind, id, label, change, instead, logProbability: without }) => (
            <tr key={`${kind}${id}`}>
              <td>{label}</td>
              <td>{percent(Math.exp(without))}</td>
              <td>
                <span
                  className={`change ${change < 0 ? 'less' : 'more'}`}
                  style={{ width: `${Math.abs(change) * 120}px` }}
                />
                {change < 0 ? '−' : '+'}
                {(100 * Math.abs(change)).toFixed(1)}
              </td>
              <td>{instead === action ? 'the same' : <code>{instead === '' ? 'nothing' : instead}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
