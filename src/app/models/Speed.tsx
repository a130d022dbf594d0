/** How fast a student is on this device: measured on request, and kept until it is measured again. */
import { useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import { agent } from '../worker-client.ts';

interface Measured {
  readonly prefill: number;
  readonly decode: number;
  readonly loadMs: number;
}

function keyOf(student: string, model: string | undefined): string {
  return `duomem-speed-${model ?? student}`;
}

function kept(key: string): Measured | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '') as Measured;
  } catch {
    return undefined;
  }
}

export function Speed({ student, model }: { student: 'pocket' | 'mlc'; model?: string }) {
  const key = keyOf(student, model);
  const [measured, setMeasured] = useState(() => kept(key));
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState<string>();
  const measure = async (): Promise<void> => {
    setRunning(true);
    setProblem(undefined);
    const speed = await agent().measure(student, model);
    setRunning(false);
    if (!speed.ok) {
      setProblem(formatRefusal(speed.error));
      return;
    }
    localStorage.setItem(key, JSON.stringify(speed.value));
    setMeasured(speed.value);
  };
  return (
    <div className="speed">
      <p>
        <span className="label">Speed here: </span>
        {running
          ? 'measuring; the model is loaded for it …'
          : measured === undefined
            ? 'not measured yet.'
            : `${rate(measured.prefill)} tokens a second read, ${rate(measured.decode)} written; loaded in ${(measured.loadMs / 1000).toFixed(1)} s.`}{' '}
        <button type="button" className="link" disabled={running} onClick={() => void measure()}>
          {measured === undefined ? 'Load and measure' : 'Measure again'}
        </button>
      </p>
      {problem !== undefined && <p className="notice bad">{problem}</p>}
    </div>
  );
}

function rate(tokens: number): string {
  return tokens < 10 ? tokens.toFixed(1) : Math.round(tokens).toLocaleString('en');
}
