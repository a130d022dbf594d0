/** The subcommands that ask an OpenAI-compatible server, as processes of their own against a real server. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { THINKING_TOKENS } from '../agent/settings.ts';
import { unwrap } from '../base/result.ts';
import { generateHome } from '../homes/index.ts';
import { formatTrajectoryRecord, parseTrajectories, type TrajectoryFile } from '../teacher/trajectory.ts';
import {
  type Behaviour,
  type ChatServerForTests,
  type Heard,
  startChatServer,
} from '../testing/chat-server.ts';
import { temporaryFolder, writeGames } from '../testing/folders.ts';
import { type CliOptions, runCli } from '../testing/run-cli.ts';
import { words } from '../testing/words.ts';

const GAMES = 8;
const KEY = 'sk-not-to-be-seen';
const folder = temporaryFolder();
const games = join(folder, 'games');
const EVAL = words`eval --games ${games} --split homes --memory none`;
const ONE_GAME = `1/${GAMES}`;
const servers: ChatServerForTests[] = [];

beforeAll(() => writeGames(games, generateHome(31, { split: 'homes' }), GAMES));
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(behave?: (heard: Heard, index: number) => Behaviour | undefined) {
  const server = await startChatServer(behave);
  servers.push(server);
  return server;
}

function asking(server: ChatServerForTests, line: readonly string[], options: CliOptions = {}) {
  const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: '', ...options.env };
  return runCli(words`${line} --model big-72b --base-url ${server.url}`, { ...options, env });
}

const collecting = (out: string): string[] =>
  words`collect --teacher openai --games ${games} --split homes --out ${join(folder, out)}`;

function collect(
  server: ChatServerForTests,
  out: string,
  more: readonly string[] = [],
  options?: CliOptions,
) {
  return asking(server, words`${collecting(out)} ${more}`, options);
}

function read(out: string): TrajectoryFile {
  return unwrap(parseTrajectories(readFileSync(join(folder, out), 'utf8')));
}

/** What must hold of every finished collection: each game once, a success where one was, nothing else kept. */
function expectWhole({ collected, trajectories }: TrajectoryFile): void {
  expect(new Set(collected.map(({ game }) => game)).size).toBe(GAMES);
  expect(collected).toHaveLength(GAMES);
  expect(trajectories.map(({ game }) => game).sort()).toEqual(collected.map(({ game }) => game).sort());
  expect(trajectories.every(({ won, teacher }) => won && teacher === 'big-72b')).toBe(true);
}

test('eval reads replies in any form and counts them; strictly, and as before, on demand', async () => {
  const tagged = { kind: 'say', text: '<think>\nAction: help\n</think>\n<action>look</action>' } as const;
  const server = await serve(() => tagged);
  const line = words`${EVAL} --student openai --max-steps 2 --shard ${ONE_GAME}`;
  const play = (out: string, ...more: string[]) =>
    asking(server, words`${line} --out ${join(folder, out)} ${more}`);
  expect(await play('any-form')).toMatchObject({
    exit: 0,
    result: { replies: { 'no-thought': 2, junk: 0 }, replyForms: { tags: 2 } },
  });
  expect(await play('strict', '--strict-replies')).toMatchObject({
    exit: 0,
    result: { replies: { 'no-thought': 0, junk: 2 }, replyForms: { tags: 2 } },
  });
  expect(readFileSync(join(folder, 'strict', 'failures.md'), 'utf8')).toContain('in another form \\(tags\\)');
  expect(await play('strict')).toMatchObject({
    exit: 3,
    stderr: expect.stringContaining('a different run (that replies of any form are read'),
  });
});

describe('collect --teacher openai', () => {
  test('a whole collection, with what it cost', async () => {
    const server = await serve();
    const prices = words`--price-in 2 --price-out 8`;
    const run = await collect(server, 'whole.jsonl', words`--concurrency 3 ${prices}`);
    expect(run).toMatchObject({
      exit: 0,
      result: { tasks: GAMES, solved: GAMES, trajectories: GAMES, refused: [] },
    });
    const file = read('whole.jsonl');
    expectWhole(file);
    const requests = server.heard.length;
    const steps = file.trajectories.reduce((sum, { steps }) => sum + steps.length, 0);
    expect(requests).toBe(steps);
    expect(run.result).toMatchObject({
      usage: { requests, retries: 0, unmetered: 0, tokensIn: 100 * requests },
      cost: expect.any(Number),
      wallSeconds: expect.any(Number),
    });
    const { usage, cost } = run.result as { usage: { tokensOut: number }; cost: number };
    expect(cost).toBeCloseTo((2 * 100 * requests + 8 * usage.tokensOut) / 1e6, 4);
    expect(server.busy.most).toBe(3);
    expect(file.collection).toMatchObject({ teacher: 'openai', model: 'big-72b', replyTokens: 256 });
    // Greedy first tries; the key goes to the server and nowhere else.
    expect(server.heard.every(({ body }) => body.temperature === 0 && body.seed === undefined)).toBe(true);
    expect(server.heard.every(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true);
    const everything = run.stdout + run.stderr + readFileSync(join(folder, 'whole.jsonl'), 'utf8');
    expect(everything).not.toContain(KEY);

    const again = await collect(server, 'whole.jsonl', prices);
    expect(again).toMatchObject({ exit: 0, result: { usage: { requests }, cost } });
    expect(server.heard).toHaveLength(requests);

    const scripts = join(folder, 'scripts.jsonl');
    const from = words`--trajectories ${join(folder, 'whole.jsonl')} --out ${scripts}`;
    const extract = words`extract ${from} --extractor openai --concurrency 3`;
    expect(await asking(server, extract)).toMatchObject({ exit: 0, result: { scripts: GAMES, empty: 0 } });
    const bytes = readFileSync(scripts, 'utf8');
    expect(JSON.parse(bytes.split('\n')[0] ?? '')).toMatchObject({
      extractor: 'big-72b',
      script: { guidelines: 'Go there, take it, put it down.' },
    });
    const asked = server.heard.length;
    writeFileSync(scripts, bytes.slice(0, Math.floor(bytes.length / 2)));
    expect(await asking(server, extract)).toMatchObject({ exit: 0, result: { scripts: GAMES } });
    expect(readFileSync(scripts, 'utf8')).toBe(bytes);
    expect(server.heard.length - asked).toBeLessThan(GAMES);
    const other = words`extract ${from} --extractor openai --base-url ${server.url} --model other`;
    expect(await runCli(other)).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('name another one'),
    });
    expect(readFileSync(scripts, 'utf8')).toBe(bytes);
  });

  test('failures of every kind on the way change nothing but the time', async () => {
    const troubles: readonly Behaviour[] = [
      { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
      { kind: 'cut' },
      { kind: 'status', status: 500, headers: { 'retry-after-ms': '5' } },
      { kind: 'closed' },
      { kind: 'garbage' },
      { kind: 'status', status: 200 },
    ];
    const server = await serve((_, i) =>
      i % 9 === 4 ? troubles[Math.floor(i / 9) % troubles.length] : undefined,
    );
    const run = await collect(server, 'troubled.jsonl', ['--concurrency', '8']);
    expect(run).toMatchObject({ exit: 0, result: { solved: GAMES, usage: { retries: expect.any(Number) } } });
    expect((run.result as { usage: { retries: number } }).usage.retries).toBeGreaterThan(3);
    expectWhole(read('troubled.jsonl'));
    const plain = read('whole.jsonl').trajectories;
    const byGame = new Map(plain.map((trajectory) => [trajectory.game, trajectory]));
    for (const trajectory of read('troubled.jsonl').trajectories) {
      expect(trajectory).toEqual(byGame.get(trajectory.game));
    }
  });

  test('stopped, it keeps what is done; killed in the middle of a line, too', async () => {
    let child: ChildProcess | undefined;
    let interrupt = true;
    const server = await serve(({ body }) => {
      // In the middle of a game that has had an answer and is far from its end.
      if (interrupt && server.heard.length >= 20 && body.messages.length === 4) {
        // Once: a second Ctrl-C would end it at once.
        interrupt = false;
        child?.kill('SIGINT');
      }
      return undefined;
    });
    const started = (one: ChildProcess): void => {
      child = one;
    };
    const stopped = await collect(server, 'stopped.jsonl', ['--concurrency', '2'], { started });
    expect(stopped.exit).toBe(130);
    const first = read('stopped.jsonl');
    const played = first.collected.length;
    expect(played).toBeGreaterThan(0);
    expect(played).toBeLessThan(GAMES);
    const before = server.heard.length;
    const text = readFileSync(join(folder, 'stopped.jsonl'), 'utf8');
    writeFileSync(join(folder, 'stopped.jsonl'), `${text}{"kind":"trajectory","version":1,"game":"homes/`);
    const rest = await collect(server, 'stopped.jsonl', ['--concurrency', '2']);
    expect(rest).toMatchObject({ exit: 0, result: { tasks: GAMES, solved: GAMES } });
    const file = read('stopped.jsonl');
    expectWhole(file);
    expect(file.collected.slice(0, played)).toEqual(first.collected);
    const steps = file.trajectories
      .filter(({ game }) => !first.collected.some((done) => done.game === game))
      .reduce((sum, { steps }) => sum + steps.length, 0);
    expect(server.heard.length - before).toBe(steps);
    // What was asked in vain is paid for all the same.
    expect(file.spent.length).toBeGreaterThan(0);
    const { requests } = (rest.result as { usage: { requests: number } }).usage;
    expect(requests).toBeGreaterThan(file.trajectories.reduce((sum, one) => sum + one.steps.length, 0));
  });

  test('later tries are hotter and have seeds of their own; only successes are kept', async () => {
    // Greedily it says nothing of use, and at the first hot try as well.
    const seeds: number[] = [];
    const server = await serve(({ body }) => {
      if (body.seed !== undefined && !seeds.includes(body.seed)) seeds.push(body.seed);
      return body.temperature === 0 || body.seed === seeds[0]
        ? { kind: 'say', text: 'Thought: hm\nAction: look' }
        : undefined;
    });
    const more = words`--concurrency 1 --temperature 0.9 --max-steps 50`;
    const run = await collect(server, 'tries.jsonl', more);
    expect(run).toMatchObject({ exit: 0, result: { solved: GAMES, solvedAtTry: [0, GAMES - 1, 1, 0, 0] } });
    expectWhole(read('tries.jsonl'));
    expect(seeds).toHaveLength(GAMES + 1);
    expect(new Set(server.heard.map(({ body }) => body.temperature))).toEqual(new Set([0, 0.9]));
  });

  test('a request that is refused costs one game, a wrong key the run', async () => {
    const refusal = (status: number): Behaviour => ({
      kind: 'status',
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ error: { message: `No. ${KEY}` } }),
    });
    const server = await serve((_, i) => (i === 0 ? refusal(400) : undefined));
    const run = await collect(server, 'refused.jsonl', ['--concurrency', '1']);
    expect(run).toMatchObject({
      exit: 0,
      result: { tasks: GAMES - 1, refused: [{ code: 'SERVER_REFUSED' }] },
    });
    expect(await collect(server, 'refused.jsonl')).toMatchObject({
      exit: 0,
      result: { tasks: GAMES, refused: [] },
    });
    expectWhole(read('refused.jsonl'));

    // In the middle of a try, as a conversation that grew too long: that try is lost.
    const short = await serve(({ body }, i) =>
      i < 9 && body.messages.length > 4 ? refusal(400) : undefined,
    );
    const lost = await collect(short, 'lost.jsonl', ['--concurrency', '1']);
    expect(lost).toMatchObject({ exit: 0, result: { tasks: GAMES, solved: GAMES, refused: [] } });
    expect(read('lost.jsonl').collected[0]?.tries[0]).toMatchObject({ won: false, steps: 2 });

    const locked = await serve((_, i) => (i >= 12 ? refusal(401) : undefined));
    const denied = await collect(locked, 'denied.jsonl', ['--concurrency', '2']);
    expect(denied).toMatchObject({ exit: 3, result: { usage: { requests: 12 } } });
    expect(denied.stderr).toContain(
      'The server denies access: 401 No. sk-. The same command goes on from here.',
    );
    expect(denied.stdout + denied.stderr).not.toContain(KEY);
    expect(locked.heard.length).toBeLessThanOrEqual(14);
  });

  test("what can't be is told before anything is asked", async () => {
    const server = await serve();
    const unnamed = await runCli([...collecting('x'), '--base-url', server.url]);
    expect(unnamed).toMatchObject({ exit: 3, stderr: expect.stringContaining('--model') });
    const odd = await runCli(words`${collecting('x')} --model m --base-url https://me:secret@host/v1`);
    expect(odd.exit).toBe(3);
    expect(odd.stderr).not.toContain('secret');
    expect(await collect(server, 'x', ['--price-in', '1'])).toMatchObject({ exit: 2 });
    expect(await collect(server, 'x', ['--body', '[1]'])).toMatchObject({ exit: 2 });
    const file = {
      kind: 'collection',
      version: 1,
      teacher: 'openai',
      split: 'homes',
      tries: 5,
      successes: 1,
    } as const;
    const other = formatTrajectoryRecord({
      ...file,
      maxSteps: 30,
      seed: 1,
      model: 'other',
      temperature: 0.7,
      replyTokens: 256,
    });
    writeFileSync(join(folder, 'other.jsonl'), other);
    expect(await collect(server, 'other.jsonl')).toMatchObject({ exit: 3 });
    expect(server.heard).toHaveLength(0);
  });
});

test('play --student openai shows each step', async () => {
  const server = await serve();
  const trace = join(folder, 'trace.jsonl');
  const run = await asking(server, words`play --student openai --home 31 --task 0 --out ${trace}`);
  expect(run).toMatchObject({ exit: 0, result: { won: true, steps: server.heard.length } });
  expect(run.stdout).toMatch(/\n1\. go to /);
  expect(await runCli(['replay-trace', '--trace', trace])).toMatchObject({ exit: 0 });
});

test('eval --student openai is told to think, or not to, and the run remembers', async () => {
  const server = await serve();
  const run = words`${EVAL} --student openai`;
  const out = (name: string) => words`--shard ${ONE_GAME} --out ${join(folder, name)}`;
  for (const when of ['on', 'off']) {
    const line = words`${run} --reply-tokens 96 --thinking ${when} ${out(`thinking-${when}`)}`;
    expect(await asking(server, line)).toMatchObject({ exit: 0, result: { episodes: 1, solved: 1 } });
    const thinking = when === 'on';
    for (const { body } of server.heard.slice(when === 'on' ? 0 : -1)) {
      expect(body).toMatchObject({
        chat_template_kwargs: { enable_thinking: thinking },
        max_tokens: thinking ? 96 + THINKING_TOKENS : 96,
      });
    }
    const about = JSON.parse(readFileSync(join(folder, `thinking-${when}`, 'run.json'), 'utf8'));
    expect(about.settings.thinking).toBe(thinking);
  }
  const other = await asking(server, [...run, '--thinking', 'off', ...out('thinking-on')]);
  expect(other.exit).toBe(3);
  const nobody = words`${EVAL} --student scripted --thinking on ${out('nobody')}`;
  expect(await asking(server, nobody)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('--student openai'),
  });
});

test('eval --student openai plays several games at once, and ends when the server is gone', async () => {
  const server = await serve();
  const line = words`${EVAL} --student openai`;
  const run = await asking(server, words`${line} --jobs 6 --out ${join(folder, 'run')}`);
  expect(run).toMatchObject({ exit: 0, result: { episodes: GAMES, solved: GAMES } });
  expect(server.busy.most).toBeGreaterThan(2);
  expect(readFileSync(join(folder, 'run', 'run.json'), 'utf8')).toContain('"openai big-72b"');
  const denying = await serve(() => ({ kind: 'status', status: 401 }));
  const denied = await asking(denying, words`${line} --jobs 2 --out ${join(folder, 'denied-run')}`);
  expect(denied.exit).toBe(3);
  expect(denying.heard.length).toBeLessThanOrEqual(2);
});
