/**
 * `duomem why`: which memory a decision came from. In every trace the step whose reply owes the most to the memories is
 * found, and repeated with each memory left out in turn.
 */

import type { Trace } from '../agent/trace.ts';
import { explainStep, type WhyReport, weighSteps } from '../agent/why.ts';
import { whySentence } from '../agent/why-sentence.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { sha256Text } from '../base/sha256.ts';
import { mean } from '../base/statistics.ts';
import type { GameSet } from '../engine/import/index.ts';
import { parseGame } from '../engine/index.ts';
import { percent } from '../eval/run-export.ts';
import type { Student } from '../students/student.ts';
import { openGames } from './files/open-games.ts';
import { gameText, listTraces, readTrace } from './files/trace-files.ts';
import { defineSubcommand, wholeNumber } from './program/command.ts';
import { badInput, done, interrupted } from './program/outcome.ts';
import { openNamedStudent } from './students/open-student.ts';

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption(
        '--trace <path...>',
        'traces (.jsonl), or folders of them; lost episodes are passed over',
      )
      .option(
        '--games <path>',
        'folder or zip with the games; games of homes of our own are made again without',
      )
      .option('--model <dir>', "folder of the pocket student's files; otherwise the one that ships")
      .option(
        '--step <n>',
        'ask about this step; otherwise about the one that owes most to the memories',
        wholeNumber(1),
      )
      .addHelpText(
        'after',
        `
Printed: for each trace the step, its action, the probability of its reply as it was given, one sentence on what it
came from, and the probability without each memory; memories that say the same are left out together.
Result: {"episodes","probability","withoutAll","withoutNearest","withoutOthers","changed"}: means of the reply's
probability with every memory, without any, without the one that matters most, without each other one; "changed" is the
share of episodes in which the action would be another without any.`,
      ),
  run: async ({ trace: paths, games, model, step }, terminal) => {
    const files = await listTraces(paths);
    if (!files.ok) return files;
    const set = games === undefined ? ok(undefined) : await openGames(games);
    if (!set.ok) return set;
    const student = await openNamedStudent({ name: 'pocket', model });
    if (!student.ok) return student;
    const reports: WhyReport[] = [];
    try {
      for (const [i, file] of files.value.entries()) {
        if (terminal.signal.aborted) return interrupted('Stopped before the end.', summary(reports));
        const trace = await readTrace(file);
        if (!trace.ok) return trace;
        if (trace.value.end?.end !== 'won' || trace.value.header.memory.bank === undefined) continue;
        const report = await explain(trace.value, set.value, student.value, step);
        if (!report.ok) return badInput({ place: file, ...report.error });
        reports.push(report.value);
        for (const line of readable(trace.value, report.value)) terminal.print(line);
        terminal.progress(`${i + 1} of ${files.value.length} traces read`);
      }
    } finally {
      await student.value.dispose();
      await set.value?.close();
    }
    if (reports.length === 0) {
      const message = 'None of the traces is a solved episode with memories.';
      return refuse('WHY_NONE', message, paths.join(', '));
    }
    return done(summary(reports));
  },
});

/** Codes: WHY_OTHER_STUDENT, WHY_OTHER_GAME, and those of the game and of scoring. */
async function explain(
  trace: Trace,
  set: GameSet | undefined,
  student: Student,
  asked: number | undefined,
): Promise<Result<WhyReport>> {
  const { game, student: player } = trace.header;
  if (player.weights !== student.identity.weights) {
    return refuse(
      'WHY_OTHER_STUDENT',
      `It was played by other weights (${player.weights ?? 'none'}): give their --model.`,
    );
  }
  const text = await gameText(trace, set);
  if (!text.ok) return text;
  if (sha256Text(text.value) !== game.sha256) {
    return refuse('WHY_OTHER_GAME', "The game isn't the one that was played: give its --games.", game.key);
  }
  const world = parseGame(text.value);
  if (!world.ok) return world;
  const open = () => student.open({ seed: trace.header.seed });
  let step = asked;
  if (step === undefined) {
    const weights = await weighSteps(trace, world.value, student, open);
    if (!weights.ok) return weights;
    const drops = weights.value.map(({ with: remembering, without }) => remembering - without);
    step = 1 + drops.indexOf(Math.max(...drops));
  }
  const conversation = open();
  try {
    return await explainStep(trace, step, world.value, student, conversation);
  } finally {
    await conversation.dispose();
  }
}

const probability = (logProbability: number): number => Math.exp(logProbability);

function readable({ header }: Trace, report: WhyReport): string[] {
  const { step, action, logProbability, parts } = report;
  return [
    `${header.game.key}: step ${step}, ${action}: ${percent(probability(logProbability))}`,
    `  ${whySentence(report)}`,
    ...parts.map(({ label, logProbability: without, instead }) => {
      const other = instead === action ? '' : `, and would ${instead === '' ? 'do nothing' : instead}`;
      return `  without ${label}: ${percent(probability(without))}${other}`;
    }),
  ];
}

function summary(reports: readonly WhyReport[]): object {
  const single = reports.map(({ parts }) =>
    parts
      .filter(({ kind }) => kind !== 'all')
      .map((part) => probability(part.logProbability))
      .sort((a, b) => a - b),
  );
  /** Where there is one memory only, leaving it out leaves out all. */
  const without = reports.map(({ parts }) => parts.find(({ kind }) => kind === 'all') ?? parts[0]);
  return {
    episodes: reports.length,
    probability: mean(reports.map((report) => probability(report.logProbability))),
    withoutAll: mean(without.map((part) => (part === undefined ? 1 : probability(part.logProbability)))),
    withoutNearest: mean(single.map(([least]) => least ?? 1)),
    withoutOthers: mean(single.flatMap((all) => all.slice(1))),
    changed: mean(reports.map(({ action }, i) => (without[i]?.instead === action ? 0 : 1))),
  };
}
