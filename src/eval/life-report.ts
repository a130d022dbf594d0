/** The report of `duomem eval --lifelong`: steps over the number of the task, with the home's memories and without. */
import type { EpisodeSettings } from '../agent/settings.ts';
import { markdownText } from '../base/plain-text.ts';
import { bootstrapRatio } from '../base/statistics.ts';
import type { HomeFigures, TaskFigures } from './life.ts';
import type { Summary } from './summary.ts';

export interface LivesFigures {
  readonly summary: Summary;
  readonly byTask: readonly TaskFigures[];
  readonly byHome: readonly HomeFigures[];
}

export interface LivesReport {
  readonly program: string;
  readonly split: string;
  readonly homes: number;
  /** Name of the student and of its weights. */
  readonly student: string;
  /** Where the memories come from, in words. */
  readonly lessons: string;
  readonly settings: EpisodeSettings;
  readonly with: LivesFigures;
  readonly without: LivesFigures;
  /** Mean steps with memories over mean steps without. */
  readonly stepsRatio: number;
  /** 95 %, by resampling homes. */
  readonly ratioInterval: readonly [low: number, high: number];
}

/** Mean steps with memories over mean steps without, over the same homes. */
export function compareSteps(
  remembering: LivesFigures,
  without: LivesFigures,
): Pick<LivesReport, 'stepsRatio' | 'ratioInterval'> {
  const bare = new Map(without.byHome.map(({ home, steps }) => [home, steps]));
  const pairs = remembering.byHome.map(({ home, steps }) => [steps, bare.get(home) ?? 0] as const);
  return {
    stepsRatio: remembering.summary.meanSteps / without.summary.meanSteps,
    ratioInterval: bootstrapRatio(pairs),
  };
}

export function formatLives(report: LivesReport): string {
  const { with: remembering, without, stepsRatio, ratioInterval } = report;
  const [low, high] = ratioInterval;
  const other = new Map(without.byTask.map((figures) => [figures.task, figures]));
  const rows = remembering.byTask.map((figures) => {
    const bare = other.get(figures.task);
    return `| ${figures.task} | ${figures.episodes} | ${cell(figures)} | ${bare === undefined ? '' : cell(bare)} |`;
  });
  return [
    '# A home lived in: steps over the number of the task',
    '',
    `${markdownText(report.student)}, ${report.homes} homes of ${markdownText(report.split)}, ${report.settings.memory} with k = ${report.settings.k}, at most`,
    `${report.settings.maxSteps} steps. Memories: ${markdownText(report.lessons)}. A lost episode counts with all its steps.`,
    '',
    '| | solved | 95 % (Wilson) | mean steps |',
    '|---|---|---|---|',
    `| without memory | ${whole(without.summary)} |`,
    `| with memory | ${whole(remembering.summary)} |`,
    '',
    `With memory it needs ${stepsRatio.toFixed(2)} of the steps (95 %: ${low.toFixed(2)} to ${high.toFixed(2)}, homes resampled).`,
    '',
    '| task | homes | with: solved, steps | without: solved, steps |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function cell({ episodes, solved, meanSteps }: TaskFigures): string {
  return `${Math.round((100 * solved) / episodes)} %, ${meanSteps.toFixed(1)}`;
}

function whole({ episodes, solved, successRate, successInterval, meanSteps }: Summary): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const [low, high] = successInterval;
  return `${solved} of ${episodes}, ${percent(successRate)} % | ${percent(low)} to ${percent(high)} % | ${meanSteps.toFixed(2)}`;
}
