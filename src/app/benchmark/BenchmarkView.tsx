/**
 * Benchmark: measures this device by the code that `npm run bench` runs, shows the figures beside their physical limits
 * and other people's, and saves exactly what it shows. The address may choose what is measured.
 */
import { useMemo, useState } from 'react';
import { formatRefusal, type Result } from '../../base/result.ts';
import { type BenchResult, BROWSER_MODES, POWER_PREFERENCES } from '../../bench/bench-file.ts';
import { deviceTitle, joinResults } from '../../bench/join.ts';
import { picturePanels } from '../../bench/picture.ts';
import { PROFILE_NAMES, PROFILE_PARTS, type ProfileName } from '../../bench/profile.ts';
import { type BenchProgress, runBench } from '../../bench/run-bench.ts';
import { Task, useTask } from '../activities/task.ts';
import { Button } from '../parts/Button.tsx';
import { SelectField } from '../parts/SelectField.tsx';
import { TextField } from '../parts/TextField.tsx';
import { formatRoute } from '../route.ts';
import { Store, useStore } from '../store.ts';
import { collectedResults } from './collected.ts';
import { Picture } from './Picture.tsx';
import { Saved } from './Saved.tsx';
import { describeDevice, watchSurroundings } from './surroundings.ts';
import '../styles/benchmark.css';

const PROFILE_TITLES: Readonly<Record<ProfileName, string>> = {
  full: 'Full: a few minutes',
  short: 'Short: only shows that it works',
};

let stopping: AbortController | undefined;

const benchmark = new Task<BenchProgress, Result<BenchResult>>({
  id: 'benchmark',
  title: 'Benchmark',
  href: formatRoute('benchmark'),
  told: ({ share, doing }) => `${Math.floor(100 * share)} %, ${doing}`,
  over: (answer) => (answer.ok ? 'measured' : formatRefusal(answer.error)),
  stop: () => stopping?.abort(),
});
/** What was measured last; a run that is broken off doesn't take it away. */
const last = new Store<BenchResult | undefined>(undefined);

export default function BenchmarkView({ params }: { params: URLSearchParams }) {
  const asked = useMemo(() => choices(params), [params]);
  const [profile, setProfile] = useState(asked.profile);
  const [label, setLabel] = useState(asked.label);
  const { progress, answer } = useTask(benchmark);
  const before = useStore(last);
  const result = progress === undefined ? before : undefined;
  const problem = answer?.ok === false && answer.error.code !== 'BENCH_STOPPED' ? answer.error : undefined;

  const start = async (): Promise<void> => {
    const stop = new AbortController();
    stopping = stop;
    const { mode, power: powerPreference, parts } = asked;
    const measured = await benchmark.start({ share: 0, doing: 'starting' }, async (onProgress) => {
      const surroundings = watchSurroundings();
      const device = await describeDevice({ label: label.trim(), mode, powerPreference });
      const taken = new Date().toISOString().slice(0, 10);
      const plan = { profile, parts, device, page: __PAGE_VERSION__, taken };
      const run = await runBench(plan, surroundings, onProgress, stop.signal);
      surroundings.stop();
      return run;
    });
    if (measured?.ok) last.set(measured.value);
  };

  const others = useMemo(() => collectedResults(), []);
  const panels = useMemo(
    () => picturePanels(joinResults(result === undefined ? others : [...others, result])),
    [others, result],
  );
  return (
    <div className="benchmark">
      <h1>Benchmark</h1>
      <p className="bench-intro">
        How fast this device runs the page: the pocket student on the GPU and on the CPU, its memory, the
        engine. Next to each figure is the most that the device could do, measured too. Nothing is sent
        anywhere.
      </p>
      <form
        className="setup"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <SelectField
          label="How much"
          value={profile}
          options={PROFILE_NAMES.map((name) => [name, PROFILE_TITLES[name]] as const)}
          disabled={progress !== undefined}
          onChange={setProfile}
        />
        <TextField
          label="What you call this machine, if you like"
          value={label}
          maxLength={80}
          disabled={progress !== undefined}
          onChange={setLabel}
        />
        {/* Two elements: one that turned from Cancel into Measure under the click would start a run. */}
        {progress === undefined ? (
          <button key="measure" type="submit" className="primary">
            {result === undefined ? 'Measure' : 'Measure again'}
          </button>
        ) : (
          <Button key="cancel" onClick={() => stopping?.abort()}>
            Cancel
          </Button>
        )}
      </form>
      {progress !== undefined && <Progress progress={progress} />}
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      {result !== undefined && <Saved result={result} />}
      <section className="panel">
        <h2>{result === undefined ? 'Other devices' : 'Compared with other devices'}</h2>
        {panels.length === 0 ? (
          <p className="quiet">No results yet. Measure this device to see the first.</p>
        ) : (
          <>
            <p className="bench-intro quiet">
              A dot is the median, the bar runs from quartile to quartile, the tick is the physical limit
              where one is known. Best first; each step of a scale is ten times the one before.
            </p>
            <Picture panels={panels} own={result && deviceTitle(result.device)} />
          </>
        )}
      </section>
    </div>
  );
}

function Progress({ progress: { share, doing } }: { progress: BenchProgress }) {
  return (
    <div className="bench-progress">
      <progress max={1} value={share} aria-label="Progress of the benchmark" />
      {/* Said when it changes, but not every percent. */}
      <p role="status">Measuring {doing}</p>
      <p className="quiet">
        Keep this tab in front and leave the machine alone: other work, or a hidden tab, spoils the figures.
      </p>
    </div>
  );
}

/** What the address chooses; anything else becomes what is usual. */
function choices(params: URLSearchParams) {
  const parts = params.get('parts')?.split(',') ?? [];
  const known = PROFILE_PARTS.filter((part) => parts.includes(part));
  return {
    profile: PROFILE_NAMES.find((name) => name === params.get('profile')) ?? 'full',
    parts: known.length > 0 ? known : PROFILE_PARTS,
    mode: BROWSER_MODES.find((mode) => mode === params.get('mode')) ?? 'unknown',
    power: POWER_PREFERENCES.find((power) => power === params.get('power')) ?? 'default',
    label: (params.get('label') ?? '').slice(0, 80),
  } as const;
}
