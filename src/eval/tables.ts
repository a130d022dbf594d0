/**
 * The paper's tables at our scale: which runs they are made of, and what they look like. A run stands in several
 * tables but is played once, under the name of its cell.
 */

import type { MemoryConfiguration } from '../agent/prompt.ts';
import { DEFAULT_SETTINGS, type EpisodeSettings, type ScriptSource } from '../agent/settings.ts';
import { inert, markdownTable, markdownText } from '../base/plain-text.ts';
import { GAINS_HEAD, gainRows, type MemoryRow, type Rated } from './gains.ts';
import {
  PAPER_FIGURES,
  PAPER_OVERHEADS,
  PAPER_REMARKS,
  PAPER_TEACHER_PERCENT,
  type PaperFigure,
  paperFigure,
  paperModel,
} from './paper.ts';
import { percent } from './run-export.ts';
import type { Summary } from './summary.ts';

/** The student before and after distillation; the paper's without and with LoRA. */
export type Stage = 'base' | 'distilled';

export interface Cell {
  /** Names the run: `distilled-memp-teacher-k10-full`. */
  readonly id: string;
  readonly stage: Stage;
  readonly settings: EpisodeSettings;
}

export interface PlayedCell extends Cell {
  readonly summary: Summary;
  /** The command that makes it. */
  readonly command: string;
}

/** What is at hand to be measured. */
interface Available {
  readonly base: boolean;
  /** Whose own scripts are: another's say nothing of what a student's own are worth. */
  readonly ownScripts: readonly Stage[];
}

export const STAGES: readonly Stage[] = ['base', 'distilled'];
const CONFIGURATIONS: readonly (readonly [MemoryConfiguration, ScriptSource, MemoryRow])[] = [
  ['none', 'teacher', 'No Memory'],
  ['script', 'student', "Script, student's"],
  ['script', 'teacher', "Script, teacher's (CD)"],
  ['trajectory', 'teacher', 'Trajectory'],
  ['memp', 'student', "MemP, student's"],
  ['memp', 'teacher', "MemP, teacher's (CD)"],
];
const MEMORIES: Readonly<Record<MemoryConfiguration, string>> = {
  none: 'No Memory',
  script: 'Script',
  trajectory: 'Trajectory',
  memp: 'MemP',
};
const HISTORIES: readonly (readonly [EpisodeSettings['history'], string])[] = [
  ['full', 'Full History'],
  [5, 'Last-5'],
  [1, 'Latest-Only'],
];
const MOST_SCRIPTS = 10;

export function cell(
  stage: Stage,
  memory: MemoryConfiguration,
  scripts: ScriptSource,
  {
    k = DEFAULT_SETTINGS.k,
    history = DEFAULT_SETTINGS.history,
  }: { k?: number; history?: EpisodeSettings['history'] } = {},
): Cell {
  const shows = memory === 'script' || memory === 'memp';
  const parts = [
    stage,
    memory,
    ...(shows ? [scripts, `k${k}`] : []),
    history === 'full' ? 'full' : `last${history}`,
  ];
  const settings = { ...DEFAULT_SETTINGS, memory, scripts, k: shows ? k : DEFAULT_SETTINGS.k, history };
  return { id: parts.join('-'), stage, settings };
}

/** Every run that the tables need, each once, the most telling first. */
export function planCells({ base, ownScripts }: Available): Cell[] {
  const cells = new Map<string, Cell>();
  const add = (one: Cell): void => {
    if (one.stage === 'base' && !base) return;
    const asks = one.settings.memory === 'script' || one.settings.memory === 'memp';
    if (asks && one.settings.scripts === 'student' && !ownScripts.includes(one.stage)) return;
    if (!cells.has(one.id)) cells.set(one.id, one);
  };
  for (const stage of [...STAGES].reverse()) {
    for (const [memory, scripts] of CONFIGURATIONS) add(cell(stage, memory, scripts));
  }
  for (const [history] of HISTORIES) {
    for (const memory of ['none', 'memp'] as const) add(cell('distilled', memory, 'teacher', { history }));
  }
  for (let k = 1; k <= MOST_SCRIPTS; k++) {
    for (const memory of ['script', 'memp'] as const) add(cell('distilled', memory, 'teacher', { k }));
  }
  return [...cells.values()];
}

/** What the memories and the student cost. */
export interface Overheads {
  readonly parameters: number | null;
  readonly weightBytes: number | null;
  readonly tokensPerScript: number;
  readonly tokensPerTrajectory: number;
  /** Tokens that MemP adds to the first prompt, against No Memory. */
  readonly addedContext: number | null;
  readonly bankBytes: number;
  readonly memories: number;
}

export interface TableReport {
  readonly program: string;
  readonly split: string;
  readonly games: number;
  /** Name of the student and of its weights. */
  readonly student: string;
  /** What the rows of either stage are called: whether one was made of the other is for who names them to know. */
  readonly names: Readonly<Record<Stage, string>>;
  /** The distilled student is known to be made of the base. */
  readonly ofBase: boolean;
  readonly cells: readonly PlayedCell[];
  readonly overheads: Overheads;
}

/** All tables as Markdown. */
export function formatTables(report: TableReport): string {
  const byId = new Map(report.cells.map((one) => [one.id, one]));
  const find = (wanted: Cell): PlayedCell | undefined => byId.get(wanted.id);
  return [
    "# The paper's tables",
    '',
    `${markdownText(report.student)} on ${report.games} games of ${markdownText(report.split)}, 30 steps at most, greedy. Success with its 95 % Wilson`,
    'interval; steps count a lost episode in full; seconds are what the student took for a task on the machine that ran it;',
    'a senseless step repeats what just did nothing, or names what was never seen or told. Nothing holds the replies back.',
    '',
    'What may not be compared: the paper has another student (Qwen3-4B, which knew language before), another teacher',
    '(Qwen2.5-72B; ours is a script), other training and, unless it says so above, another split (valid_unseen, 134 games);',
    'its seconds are of two A100. Its input strategies are those of training; ours are what the same student is shown.',
    `Its teacher solves ${PAPER_TEACHER_PERCENT} % at best. Its figures stand beside ours as before and after LoRA.`,
    '',
    ...memoryTable(find, report.names),
    ...gainsTable(find, report),
    ...historyTable(find),
    ...scriptsTable(find),
    ...overheadTable(report.overheads),
    ...paperTable(),
    '## Commands',
    '',
    ...report.cells.map(({ command }) => `    ${inert(command).replaceAll('\n', ' ')}`),
    '',
  ].join('\n');
}

type Find = (wanted: Cell) => PlayedCell | undefined;

/** The paper's tables 1, 2, 4 and 9. */
function memoryTable(find: Find, names: TableReport['names']): string[] {
  const rows = CONFIGURATIONS.flatMap(([memory, scripts, title]) =>
    STAGES.flatMap((stage) => {
      const one = find(cell(stage, memory, scripts));
      return one === undefined ? [] : [row([title, markdownText(names[stage])], one)];
    }),
  );
  const head = ['memory', 'student', ...FIGURES];
  return section(
    `Memory configurations: ${markdownText(names.base)}, and ${markdownText(names.distilled)} (tables 1, 2, 4, 9)`,
    head,
    rows,
  );
}

function gainsTable(find: Find, { names, ofBase }: TableReport): string[] {
  const rated = CONFIGURATIONS.flatMap(([memory, scripts, title]) =>
    STAGES.flatMap((stage): Rated[] => {
      const one = find(cell(stage, memory, scripts));
      if (one === undefined) return [];
      const { successRate } = one.summary;
      const student = markdownText(names[stage]);
      return [{ memory: title, student, stage, successRate, paper: figureFor(stage, one.settings) }];
    }),
  );
  return section(
    'Gains, in points and in percent of what was there (tables 1, 4, 9)',
    GAINS_HEAD,
    gainRows(rated, ofBase),
  );
}

/** The paper's table 5. */
function historyTable(find: Find): string[] {
  const rows = HISTORIES.flatMap(([history, title]) =>
    (['none', 'memp'] as const).flatMap((memory) => {
      const one = find(cell('distilled', memory, 'teacher', { history }));
      return one === undefined ? [] : [row([title, memory === 'none' ? 'No Memory' : 'MemP (CD)'], one)];
    }),
  );
  return section('What the student is shown of the past (table 5)', ['input', 'memory', ...FIGURES], rows);
}

/** The paper's figure 3. */
function scriptsTable(find: Find): string[] {
  const rows = Array.from({ length: MOST_SCRIPTS }, (_, i) => i + 1).flatMap((k) =>
    (['script', 'memp'] as const).flatMap((memory) => {
      const one = find(cell('distilled', memory, 'teacher', { k }));
      return one === undefined ? [] : [row([String(k), memory === 'script' ? 'Script' : 'MemP'], one)];
    }),
  );
  return section('Number of scripts k (figure 3)', ['k', 'memory', ...FIGURES], rows);
}

const FIGURES = [
  'solved',
  'success',
  '95 % interval',
  'steps',
  'seconds',
  'senseless',
  "paper's 4B: success",
  'steps',
  'seconds',
];

function row(labels: readonly string[], { stage, settings, summary }: PlayedCell): string[] {
  const { solved, episodes, successRate, successInterval, meanSteps, secondsPerTask, senselessRate } =
    summary;
  const [low, high] = successInterval;
  return [
    ...labels,
    `${solved}/${episodes}`,
    percent(successRate),
    `${percent(low)} – ${percent(high)}`,
    meanSteps.toFixed(2),
    secondsPerTask.toFixed(2),
    senselessRate === null ? '' : percent(senselessRate),
    ...paperColumns(figureFor(stage, settings)),
  ];
}

function figureFor(stage: Stage, { memory, scripts, history, k }: EpisodeSettings): PaperFigure | undefined {
  const shows = memory === 'script' || memory === 'memp';
  const whose = shows ? scripts : undefined;
  return paperFigure({ lora: stage === 'distilled', memory, scripts: whose, history, k });
}

function paperColumns(figure: PaperFigure | undefined): string[] {
  return [
    figure === undefined ? '' : `${figure.successPercent.toFixed(1)} %`,
    figure?.steps?.toFixed(1) ?? '',
    figure?.seconds?.toFixed(2) ?? '',
  ];
}

/** The paper's table 3. */
function overheadTable(ours: Overheads): string[] {
  const paper = PAPER_OVERHEADS;
  const rows = [
    ['parameters of the student', whole(ours.parameters), 'adapter 5,900,000 of 4 B'],
    ['weights', megabytes(ours.weightBytes), `adapter ${megabytes(paper.adapterBytes)}`],
    ['tokens a script', ours.tokensPerScript.toFixed(0), String(paper.tokensPerScript)],
    [
      'tokens of the reference trajectory',
      ours.tokensPerTrajectory.toFixed(0),
      String(paper.tokensPerTrajectory),
    ],
    ['tokens that MemP adds', ours.addedContext?.toFixed(0) ?? '', whole(paper.addedContext)],
    [`memory bank (${whole(ours.memories)} memories)`, megabytes(ours.bankBytes), megabytes(paper.bankBytes)],
  ];
  return section('What it costs (table 3); tokens are those of each student', ['', 'here', 'paper'], rows);
}

/** All that the paper's prose gives, of every student. */
function paperTable(): string[] {
  const rows = PAPER_FIGURES.map((figure) => [
    paperModel(figure),
    MEMORIES[figure.memory],
    figure.scripts === undefined ? '' : `${figure.scripts}'s, k = ${figure.k}`,
    ...paperColumns(figure),
    figure.source,
  ]);
  const head = ['student', 'memory', 'scripts', 'success', 'steps', 'seconds', 'where'];
  return [
    ...section("The paper's own figures, valid_unseen", head, rows),
    ...PAPER_REMARKS.map((remark) => `- ${remark}`),
    '',
  ];
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [`## ${title}`, '', ...markdownTable(head, rows)];
}

function whole(value: number | null): string {
  return value === null ? '' : String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '' : `${(bytes / 1e6).toFixed(1)} MB`;
}
