/** `duomem collect`: a teacher's successful trajectories of a split, as JSON Lines (format: src/teacher/trajectory.ts). */
import { open } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { ok, type Refusal, type Result } from '../base/result.ts';
import type { GameSet } from '../engine/import/index.ts';
import { percent } from '../eval/run-export.ts';
import { meetsAll } from '../students/openai/failure.ts';
import { addUsage, costOf, NO_USAGE, type Prices } from '../students/openai/usage.ts';
import { type CollectFigures, collectFigures } from '../teacher/collect-statistics.ts';
import {
  type Collected,
  formatTrajectoryRecord,
  TRAJECTORY_VERSION,
  type Usage,
} from '../teacher/trajectory.ts';
import type { CollectedGame } from './collecting/collect-games.ts';
import { collectInThreads } from './collecting/collect-pool.ts';
import { playOnServer, type ServerTeacher } from './collecting/collect-server.ts';
import { emptySplit, tellMove } from './evaluating/evaluation.ts';
import { resume, type ServedCollection } from './files/collect-file.ts';
import { withGames } from './files/open-games.ts';
import { choiceOf, defineSubcommand, number, wholeNumber } from './program/command.ts';
import { badInput, type CommandEnd, done, interrupted, wrongUsage } from './program/outcome.ts';
import { tellingOf, withTelling } from './program/telling.ts';
import type { Terminal } from './program/terminal.ts';
import { openServer, serverChoice, withServerOptions } from './students/server-options.ts';

/** Tokens of a reply: language models think aloud at greater length than the scripted teacher. */
const REPLY_TOKENS = 256;

interface Settings {
  readonly games: string;
  readonly out: string;
  readonly threads: number;
  readonly collection: ServedCollection;
  /** Undefined where the scripted teacher plays. */
  readonly teacher: ServerTeacher | undefined;
  readonly prices: Prices | undefined;
}

export const subcommand = defineSubcommand({
  options: (command) =>
    withServerOptions(
      withTelling(command.requiredOption('--games <path>', 'folder or zip of games'))
        .requiredOption('--split <name>', 'which split of it, such as train')
        .requiredOption('--out <file>', 'JSON Lines file; an interrupted run continues where it stopped')
        .option('--teacher <name>', 'who plays: scripted, openai', choiceOf('scripted', 'openai'), 'scripted')
        .option('--tries <n>', 'at most this many tries a task', wholeNumber(1, 100), 5)
        .option('--successes <n>', 'stop a task after this many different successes', wholeNumber(1, 100), 1)
        .option('--max-steps <n>', 'actions a try', wholeNumber(1, 1000), 30)
        .option('--seed <n>', 'varies the second and later tries', wholeNumber(0), 1)
        .option('--threads <n>', 'threads that play', wholeNumber(1, 256), availableParallelism())
        .option('--model <name>', "for openai: the server's name of the model")
        .option('--concurrency <n>', 'for openai: games at once', wholeNumber(1, 1024), 8)
        .option('--temperature <t>', 'for openai: of the second and later tries', number(0, 5), 0.7)
        .option('--reply-tokens <n>', 'for openai: at most in a reply', wholeNumber(8, 100_000), REPLY_TOKENS)
        .option('--price-in <p>', 'for openai: price of a million tokens read', number(0, 1e6))
        .option('--price-out <p>', 'for openai: price of a million tokens written', number(0, 1e6)),
    ).addHelpText(
      'after',
      `
The scripted teacher is told what the names of chores stand for by chores.json beside the games (duomem generate).
Result: {"tasks","solved","successRate","meanSteps","solvedAtTry","cumulativeRate","trajectories","maxSteps",
"firstTry":{"successRate","meanSteps"},"byTaskType","refused":[{"path","code","message"}]}: solved at try 1, 2, ...,
the share solved by then, and steps of the first success (as the paper's appendix A). With --teacher openai also
"usage":{"requests","retries","unmetered","tokensIn","tokensOut","seconds"} of all runs that wrote the file, "cost" in
the prices' currency (null without prices), "wallSeconds" of this run. The first try is greedy.`,
    ),
  outputs: { out: 'resumed' },
  run: async (options, terminal) => {
    const { games, split, out, teacher, tries, successes, maxSteps, seed, threads, model } = options;
    const { temperature, replyTokens, concurrency, priceIn, priceOut } = options;
    if ((priceIn === undefined) !== (priceOut === undefined)) {
      return wrongUsage('Give both --price-in and --price-out, or neither.');
    }
    const server = teacher === 'openai' ? openServer(model, serverChoice(options)) : ok(undefined);
    if (!server.ok) return server;
    const { version, kind } = { version: TRAJECTORY_VERSION, kind: 'collection' } as const;
    const plays = { tries, successes, maxSteps, seed };
    const served = server.value;
    const sampling = { temperature, replyTokens };
    const { thinking, body = {} } = options;
    const asked = { ...(thinking !== undefined && { thinking }), body };
    const telling = tellingOf(options);
    const settings: Settings = {
      games,
      out,
      threads,
      collection: {
        kind,
        version,
        teacher,
        split,
        ...plays,
        ...telling,
        ...(served && { model: served.model, ...sampling, server: { ...asked, baseUrl: served.baseUrl } }),
      },
      teacher:
        served === undefined
          ? undefined
          : {
              server: served,
              concurrency,
              ...plays,
              ...sampling,
              onWait: (sentence: string) => terminal.progress(sentence),
            },
      prices: priceIn === undefined || priceOut === undefined ? undefined : { in: priceIn, out: priceOut },
    };
    return withGames(games, telling, {}, (set) => collect(settings, set, terminal));
  },
});

/** A game as either kind of teacher hands it back; without a key where the games can't be opened. */
interface Answer {
  readonly key: string | undefined;
  readonly result: Result<CollectedGame>;
  readonly usage: Usage;
}

async function* answers(
  settings: Settings,
  set: GameSet,
  pending: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<Answer> {
  const { collection, teacher, games, threads } = settings;
  const listings = set.ofSplit(collection.split).filter(({ key }) => pending.has(key));
  if (teacher !== undefined) {
    yield* playOnServer(listings, set, teacher, signal);
    return;
  }
  const { tries, successes, maxSteps, seed } = collection;
  const options = { tries, successes, maxSteps, seed };
  const data = { games, telling: tellingOf(collection), options };
  for await (const answer of collectInThreads([...pending], threads, data, signal)) {
    yield answer.key === undefined
      ? { key: undefined, result: { ok: false, error: answer.error }, usage: NO_USAGE }
      : { ...answer, usage: NO_USAGE };
  }
}

async function collect(settings: Settings, set: GameSet, terminal: Terminal): Promise<CommandEnd> {
  const { games, out, collection, teacher, prices } = settings;
  const { signal } = terminal;
  const keys = set.ofSplit(collection.split).map((game) => game.key);
  if (keys.length === 0) return emptySplit(set, collection.split, games);
  const kept = await resume(out, collection);
  if (!kept.ok) return kept;
  tellMove(kept.value.baseUrl, collection.server?.baseUrl, terminal);
  const collected: Collected[] = [...kept.value.collected];
  let { trajectories, usage } = kept.value;
  const finished = new Set(collected.map((game) => game.game));
  const refused: { path: string; code: string; message: string }[] = [];
  const pending = new Set(keys.filter((key) => !finished.has(key)));
  const started = performance.now();
  const wallSeconds = (): number => Math.round(performance.now() - started) / 1000;
  let stopped: Refusal | undefined;
  const file = await open(out, 'a');
  try {
    for await (const { key, result, usage: asked } of answers(settings, set, pending, signal)) {
      usage = addUsage(usage, asked);
      if (result.ok) {
        await file.appendFile(result.value.lines);
        collected.push(result.value.collected);
        trajectories += result.value.trajectories;
      } else {
        if (asked.requests + asked.retries > 0) {
          await file.appendFile(
            formatTrajectoryRecord({ kind: 'spent', version: TRAJECTORY_VERSION, usage: asked }),
          );
        }
        if (key === undefined || meetsAll(result.error.code)) stopped = result.error;
        else if (result.error.code !== 'COLLECT_STOPPED') {
          refused.push({ path: key, code: result.error.code, message: result.error.message });
        }
      }
      const played = collected.length + refused.length;
      const done = played - kept.value.collected.length;
      const left = done === 0 ? 0 : (wallSeconds() / done) * (keys.length - played);
      terminal.progress(
        `${played} of ${keys.length} games played${teacher === undefined ? '' : spending(usage, prices, left)}`,
      );
    }
  } finally {
    await file.close();
  }
  const figures = {
    ...collectFigures(collected, collection.tries, trajectories),
    ...(teacher === undefined
      ? {}
      : { usage, cost: costOf(usage, prices) ?? null, wallSeconds: wallSeconds() }),
  };
  const result = { ...figures, refused };
  if (stopped !== undefined && teacher === undefined) return badInput(stopped);
  if (stopped !== undefined) {
    const message = `${stopped.message} The same command goes on from here.`;
    return badInput({ ...stopped, message }, result);
  }
  if (signal.aborted) return interrupted('Stopped; the same command goes on from here.', result);
  for (const line of figureLines(figures)) terminal.print(line);
  if (teacher !== undefined) terminal.print(usageLine(usage, prices, wallSeconds()));
  const [first] = refused;
  return collected.length > 0 || first === undefined
    ? done(result)
    : badInput({ code: first.code, message: first.message, place: first.path }, result);
}

function spending(usage: Usage, prices: Prices | undefined, left: number): string {
  const cost = costOf(usage, prices);
  const price = cost === undefined ? '' : `, ${cost.toFixed(2)} spent`;
  return `, ${millions(usage.tokensIn)} tokens read, ${millions(usage.tokensOut)} written${price}, about ${Math.ceil(left)} s left`;
}

function usageLine(usage: Usage, prices: Prices | undefined, wallSeconds: number): string {
  const { requests, retries, unmetered, tokensIn, tokensOut } = usage;
  const cost = costOf(usage, prices);
  return [
    `${requests} answers, ${retries} asked again`,
    `${millions(tokensIn)} tokens read, ${millions(tokensOut)} written`,
    ...(unmetered === 0 ? [] : [`${unmetered} answers without a count of tokens`]),
    cost === undefined ? 'cost unknown: no prices given' : `cost ${cost.toFixed(2)}`,
    `${wallSeconds.toFixed(0)} s`,
  ].join('; ');
}

function millions(tokens: number): string {
  return `${(tokens / 1e6).toFixed(2)} M`;
}

function figureLines({ tasks, solvedAtTry, cumulativeRate, byTaskType }: CollectFigures): string[] {
  return [
    'try  solved  cumulative',
    ...solvedAtTry.map((count, i) => {
      const rate = cumulativeRate[i] ?? 0;
      return `${String(i + 1).padEnd(3)}  ${String(count).padStart(6)}  ${percent(rate)} of ${tasks}`;
    }),
    'task type                        tasks  solved  steps',
    ...Object.entries(byTaskType).map(
      ([type, figures]) =>
        `${type.padEnd(31)}  ${String(figures.tasks).padStart(5)}  ${String(figures.solved).padStart(6)}  ${figures.meanSteps.toFixed(2)}`,
    ),
  ];
}
