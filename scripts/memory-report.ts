/**
 * What memory is worth: makes the games, plays every run and writes the report with its pictures.
 *
 *     npx tsx scripts/memory-report.ts RUNS [--model DIR] [--small]
 *
 * RUNS is a folder for games and runs (an interrupted run continues where it stopped); the report goes to
 * models/report/memory.md, the pictures and the figures (results.json) beside it. --small plays a fifth of the homes, for a first
 * look. Every run is a `duomem` command; the report names them all.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wilsonInterval } from '../src/base/statistics.ts';
import type { LivesReport } from '../src/eval/life-report.ts';
import { lineChart } from '../src/eval/line-chart.ts';
import type { Summary } from '../src/eval/summary.ts';
import { words } from '../src/testing/words.ts';
import { HELD_OUT, MemoryRuns, root } from './lib/memory-runs.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { model: { type: 'string' }, small: { type: 'boolean', default: false } },
});
const [runs] = positionals;
if (runs === undefined) {
  console.error('Usage: npx tsx scripts/memory-report.ts RUNS [--model DIR] [--small]');
  process.exit(2);
}
const report = join(root, 'models/report');
const model = values.model === undefined ? [] : ['--model', values.model];
const scale = values.small ? 0.2 : 1;
const made = new MemoryRuns(runs);
const { commands } = made;

function games(name: string, homes: number, ...more: string[]): string {
  const count = String(Math.max(4, Math.round(homes * scale)));
  return made.games(name, '--homes', count, ...more);
}

function lives(name: string, set: string, ...more: string[]): LivesReport {
  const out = made.path(name);
  return made.duomem('eval', '--games', set, '--split', 'homes', ...model, ...more, '--out', out);
}

// ---- habits: homes of one room, strong habits; the last two of twelve tasks are played

const TWELVE = ['--tasks-per-home', '12', '--rooms', 'one'];
const strong = games('habits', 40, ...TWELVE, '--seed', '60000', '--habits', '1');
const MEMP = ['--memory', 'memp'];
const byCount = [0, 1, 3, 10].map(
  (m) => [m, lives(`earlier-${m}`, strong, ...MEMP, '--k', '10', '--earlier', String(m))] as const,
);
const byK = [1, 3, 5, 10].map(
  (k) =>
    [
      k,
      k === 10
        ? (byCount.at(-1)?.[1] as LivesReport)
        : lives(`k-${k}`, strong, ...MEMP, '--k', String(k), '--earlier', '10'),
    ] as const,
);
const byStrength = [0, 0.5, 1].map((habits) => {
  const set =
    habits === 1
      ? strong
      : games(`habits-${habits}`, 40, ...TWELVE, ...words`--seed 60000 --habits ${String(habits)}`);
  return [
    habits,
    habits === 1
      ? (byCount.at(-1)?.[1] as LivesReport)
      : lives(`strength-${habits}`, set, ...MEMP, '--earlier', '10'),
  ] as const;
});
/** The habits change just before the first task that is played, and five tasks before it. */
const changed = [10, 5].map((at) => {
  const more = words`--seed 60000 --habits 1 --habit-change ${String(at)}`;
  const set = games(`changed-${at}`, 40, ...TWELVE, ...more);
  return [at, lives(`changed-${at}`, set, ...MEMP, '--earlier', '10')] as const;
});
const whole = games('whole-homes', 40, '--tasks-per-home', '12', '--seed', '61000', '--habits', '1');
const fourRooms = lives('whole-homes', whole, ...MEMP, '--earlier', '10');
const lived = games('lived', 20, ...TWELVE, '--seed', '62000', '--habits', '1', '--routine', '1');
const lifelong = lives('lifelong', lived, ...MEMP, '--lifelong');

// ---- chores: held-out families, with a bank of the family from other homes, of other families, and without

interface Why {
  readonly episodes: number;
  readonly probability: number;
  readonly withoutAll: number;
  readonly changed: number;
}

const taughtAlone = HELD_OUT.map((family, i) => {
  const set = games(family, 10, '--tasks-per-home', '3', '--seed', '80000', '--chores', family);
  const next = HELD_OUT[(i + 1) % HELD_OUT.length] as string;
  const folder = (name: string): string => made.path(`${family}-${name}`);
  const play = (name: string, ...more: string[]): Summary => {
    const about = words`--games ${set} --split homes ${model} --jobs 1 --max-steps 50`;
    return made.duomem('eval', ...about, ...more, '--out', folder(name));
  };
  const none = play('none', '--memory', 'none');
  const taught = play('taught', ...MEMP, '--k', '3', '--bank', made.bankOf(family, 20));
  const other = play('other', ...MEMP, '--k', '3', '--bank', made.bankOf(next, 20));
  // One memory of the family beside many of another, which aren't shown.
  const banks = [made.bankOf(family, 1), made.bankOf(next, 20)];
  const one = play('one', ...words`--memory script --k 3 --bank ${banks}`);
  const traces = join(folder('one'), 'traces');
  const why: Why | undefined =
    one.solved === 0 ? undefined : made.duomem('why', '--trace', traces, '--games', set, ...model);
  return { family, none, taught, other, one, why, play };
});
/** As played by default: k as it is, and a memory that knows all families. */
const chores = taughtAlone.map(({ play, ...rest }) => ({
  ...rest,
  all: play('default', ...MEMP, '--bank', ...HELD_OUT.map((one) => made.bankOf(one, 20))),
}));

// ---- the report

const percent = (share: number): string => (100 * share).toFixed(1);
type Rate = Pick<Summary, 'solved' | 'episodes' | 'successRate' | 'successInterval'>;
const rate = ({ solved, episodes, successRate, successInterval: [low, high] }: Rate): string =>
  `${solved} of ${episodes}, ${percent(successRate)} % (${percent(low)} to ${percent(high)})`;
const ratio = ({ stepsRatio, ratioInterval: [low, high] }: LivesReport): string =>
  `${stepsRatio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
const together = (part: 'taught' | 'all' | 'other' | 'none'): string => {
  const solved = chores.reduce((sum, one) => sum + one[part].solved, 0);
  const episodes = chores.reduce((sum, one) => sum + one[part].episodes, 0);
  const successInterval = wilsonInterval(solved, episodes);
  return rate({ solved, episodes, successRate: solved / episodes, successInterval });
};
const row = (name: string | number, one: LivesReport): string =>
  `| ${name} | ${rate(one.without.summary)} | ${one.without.summary.meanSteps.toFixed(2)} | ${rate(one.with.summary)} | ${one.with.summary.meanSteps.toFixed(2)} | ${ratio(one)} |`;
const head = (name: string): string[] => [
  `| ${name} | solved without | steps | solved with | steps | steps with / without |`,
  '|---|---|---|---|---|---|',
];
function picture(
  name: string,
  title: string,
  x: string,
  pointsOf: (part: 'with' | 'without') => readonly { readonly x: number; readonly y: number }[],
): string {
  const lines = [
    { name: 'with memory', points: pointsOf('with') },
    { name: 'without', points: pointsOf('without') },
  ];
  writeFileSync(join(report, name), lineChart({ title, x, y: 'mean steps', lines }));
  return `![${title}](${name})`;
}
const stepsOf = (reports: readonly (readonly [number, LivesReport])[]) => (part: 'with' | 'without') =>
  reports.map(([at, one]) => ({ x: at, y: one[part].summary.meanSteps }));

mkdirSync(report, { recursive: true });
const student = byCount[0]?.[1].student ?? '';
const tasks = lifelong.with.byTask.map(({ task }) => task);
picture('lifelong.svg', 'A student that learns while it lives', 'number of the task in its home', (part) =>
  lifelong[part].byTask.map(({ task, meanSteps }) => ({ x: task, y: meanSteps })),
);
const text = [
  '# What memory is worth',
  '',
  `The pocket student ${student}, MemP with the teacher's scripts unless it says otherwise, 30 steps, greedy; a lost episode`,
  'counts with all its steps. Homes whose seeds were never trained on. Intervals are 95 %: Wilson for success, homes',
  `resampled for ratios. Everything here is made by \`npx tsx scripts/memory-report.ts RUNS${values.small ? ' --small' : ''}\`.`,
  '',
  '## Habits',
  '',
  'Homes of one room that keep things in places of their own (`--habits 1`); the teacher solved the M tasks before, the',
  'student plays task 11 and 12 with and without the memories of them.',
  '',
  ...head('M'),
  ...byCount.map(([m, one]) => row(m, one)),
  '',
  picture(
    'steps-over-m.svg',
    'Steps over the number of earlier tasks',
    'earlier tasks in the home (M)',
    stepsOf(byCount),
  ),
  '',
  ...head('k, M = 10'),
  ...byK.map(([k, one]) => row(k, one)),
  '',
  picture('steps-over-k.svg', 'Steps over the number of scripts', 'scripts in the prompt (k)', stepsOf(byK)),
  '',
  ...head('strength of the habits, M = 10'),
  ...byStrength.map(([habits, one]) => row(habits, one)),
  '',
  picture(
    'steps-over-habits.svg',
    'Steps over the strength of the habits',
    'strength of the habits',
    stepsOf(byStrength),
  ),
  '',
  'Outdated memories: the home takes up other habits before task 11 (all ten memories are outdated), or before task 6',
  '(half of them are). And homes of four rooms, where fewer of the ten tasks were in the same room.',
  '',
  ...head('M = 10'),
  ...changed.map(([at, one]) => row(`changed before task ${at + 1}`, one)),
  row('four rooms', fourRooms),
  '',
  '## A student that learns while it lives',
  '',
  `${lifelong.homes} homes, ${tasks.length} tasks each in order; every solved task becomes a memory (${lifelong.lessons}).`,
  '',
  ...head(''),
  row('all tasks', lifelong),
  '',
  '![Steps over the number of the task](lifelong.svg)',
  '',
  '## New chores',
  '',
  'Four families that were held out of training altogether, name and procedure (src/homes/families.ts). With the scripts',
  'and a trajectory of the family from other homes (k = 3); as played by default, with those of all four families in one',
  'memory (k = 10); with those of another held-out family (k = 3); without memory. 50 steps.',
  '',
  "| family | taught | all four families' memories | another family's memories | no memory |",
  '|---|---|---|---|---|',
  ...chores.map(
    ({ family, taught, all, other, none }) =>
      `| ${family} | ${rate(taught)} | ${rate(all)} | ${rate(other)} | ${rate(none)} |`,
  ),
  `| all | ${together('taught')} | ${together('all')} | ${together('other')} | ${together('none')} |`,
  '',
  'What a single memory of the chore does: one script of the family, beside twenty of another family in the bank. For each',
  'solved episode the step whose reply owes most to what was shown is repeated without it; given is the probability of the',
  'reply as it was.',
  '',
  '| family | solved | with what was shown | without it | acts otherwise without it |',
  '|---|---|---|---|---|',
  ...chores.map(({ family, one, why }) => {
    if (why === undefined) return `| ${family} | ${rate(one)} | | | |`;
    const shares = [why.probability, why.withoutAll, why.changed];
    return `| ${family} | ${rate(one)} | ${shares.map((share) => `${percent(share)} %`).join(' | ')} |`;
  }),
  '',
  '## Commands',
  '',
  ...commands.map((command) => `    ${command}`),
  '',
].join('\n');
writeFileSync(join(report, 'memory.md'), text);
writeFileSync(
  join(report, 'results.json'),
  `${JSON.stringify({ student, byCount, byK, byStrength, changed, fourRooms, lifelong, chores }, undefined, 1)}\n`,
);
console.log(text);
