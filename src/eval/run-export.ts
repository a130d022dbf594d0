/** A run's figures as files for other programs: CSV for spreadsheets, Markdown for texts. */

import { csvCell, markdownTable, markdownText } from '../base/plain-text.ts';
import { taskTypeName } from '../base/task-types.ts';
import type { EpisodeResult } from './result.ts';
import type { SuccessFigures, Summary } from './summary.ts';

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The 95 % interval of a share, in whole percent. */
export function interval({ successInterval }: Pick<SuccessFigures, 'successInterval'>): string {
  const [low, high] = successInterval.map((share) => Math.round(100 * share));
  return `${low} to ${high}\u00a0%`;
}

/** One line for each episode. */
export function runCsv(results: readonly EpisodeResult[]): string {
  const lines = results.map(({ game, taskType, won, steps, seconds }) =>
    [game, taskType, won, steps, seconds.toFixed(3)].map(csvCell).join(','),
  );
  return `${['game,task_type,won,steps,seconds', ...lines].join('\n')}\n`;
}

/** The figures of all episodes and of each kind of task. */
export function runMarkdown(summary: Summary): string {
  const row = (
    name: string,
    { solved, episodes, successRate, successInterval: [low, high], meanSteps }: SuccessFigures,
  ): string[] => [
    markdownText(name),
    `${solved}/${episodes}`,
    percent(successRate),
    `${percent(low)} to ${percent(high)}`,
    meanSteps.toFixed(1),
  ];
  const kinds = Object.entries(summary.byTaskType).map(([type, figures]) => row(taskTypeName(type), figures));
  const head = ['kind of task', 'solved', 'success', '95 % interval', 'steps'];
  return markdownTable(head, [row('All', summary), ...kinds]).join('\n');
}
