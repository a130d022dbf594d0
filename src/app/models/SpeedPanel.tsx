/** How fast a student is on this device: measured on request, and kept until it is measured again. */
import { asFields } from '../../base/json-fields.ts';
import { readJson } from '../../base/read-json.ts';
import { formatRefusal, type Result } from '../../base/result.ts';
import type { ModelChoice } from '../../protocol/agent.ts';
import { tasksBy, useTask } from '../activities/task.ts';
import { LinkButton } from '../parts/Button.tsx';
import { formatRoute } from '../route.ts';
import { keepSetting, readSetting } from '../settings.ts';
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
  const json = readJson(readSetting(key) ?? '', { code: 'KEPT', what: key, longest: 10_000 });
  const { prefill, decode, loadMs } = asFields(json.ok ? json.value : undefined);
  const measured = [prefill, decode, loadMs].every((one) => typeof one === 'number');
  return measured ? ({ prefill, decode, loadMs } as Measured) : undefined;
}

const measuring = tasksBy<'measuring', Result<Measured>>((key) => ({
  id: `speed ${key}`,
  title: 'The speed of a student',
  href: formatRoute('models'),
  told: () => 'measuring',
  over: (speed) => (speed.ok ? 'measured' : formatRefusal(speed.error)),
  stop: () => void agent().stopMeasuring(),
}));

export function SpeedPanel({ student, model }: { student: ModelChoice; model?: string }) {
  const key = keyOf(student, model);
  const task = measuring(key);
  const { progress, answer } = useTask(task);
  const running = progress !== undefined;
  const measured = answer?.ok ? answer.value : kept(key);
  const problem = answer?.ok === false ? formatRefusal(answer.error) : undefined;
  const measure = (): void => {
    void task.start('measuring', async () => {
      const speed = await agent().measure(student, model);
      if (speed.ok) keepSetting(key, JSON.stringify(speed.value));
      return speed;
    });
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
        <LinkButton onClick={running ? task.about.stop : measure}>
          {running ? 'Stop' : measured === undefined ? 'Load and measure' : 'Measure again'}
        </LinkButton>
      </p>
      {problem !== undefined && <p className="notice bad">{problem}</p>}
    </div>
  );
}

function rate(tokens: number): string {
  return tokens < 10 ? tokens.toFixed(1) : Math.round(tokens).toLocaleString('en');
}
