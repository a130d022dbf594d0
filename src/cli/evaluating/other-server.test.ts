/** A run and a collection are of one server's requests: what is begun with some fields doesn't go on with others. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { generateHome } from '../../homes/index.ts';
import { type Behaviour, type ChatServerForTests, startChatServer } from '../../testing/chat-server.ts';
import { temporaryFolder, writeGames } from '../../testing/folders.ts';
import { runCli } from '../../testing/run-cli.ts';
import { runHere } from '../../testing/run-here.ts';
import { words } from '../../testing/words.ts';

const folder = temporaryFolder();
const games = join(folder, 'games');
const servers: ChatServerForTests[] = [];

beforeAll(() => writeGames(games, generateHome(31, { split: 'homes' }), 2));
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(behaviour?: Behaviour) {
  const server = await startChatServer(() => behaviour);
  servers.push(server);
  return server;
}

const path = (name: string) => join(folder, name);
const line = (command: string, server: ChatServerForTests, out: string, ...more: string[]) =>
  words`${command.split(' ')} --games ${games} --split homes --model m --base-url ${server.url} --out ${path(out)} ${more}`;
const EVAL = 'eval --student openai --memory none --jobs 1 --max-steps 2';
const COLLECT = 'collect --teacher openai --tries 1';
const BODY = ['--body', '{"top_p":0.5,"temperature":2}'];

/** A file of JSON with one field taken out, as it was before that field. */
function without(field: string, file: string): void {
  const [first = '', ...rest] = readFileSync(file, 'utf8').split(/(?<=\n)(?=\{)/);
  const { [field]: _, ...before } = JSON.parse(first);
  writeFileSync(file, [`${JSON.stringify(before)}\n`, ...rest].join(''));
}

describe('eval', () => {
  test('with other request fields is another run, in whatever order they are given', async () => {
    const server = await serve();
    const play = (...more: string[]) => runHere(line(EVAL, server, 'run', ...more));
    expect(await play(...BODY)).toMatchObject({ exit: 0, result: { episodes: 2 } });
    const run = JSON.parse(readFileSync(path('run/run.json'), 'utf8'));
    expect(run.server).toEqual({ baseUrl: server.url, body: { top_p: 0.5, temperature: 2 } });
    rmSync(path('run/traces'), { recursive: true });
    const asked = server.heard.length;
    for (const more of [[], ['--body', '{"temperature":2}']])
      expect(await play(...more)).toMatchObject({
        exit: 3,
        message: expect.stringMatching(/a different run \(--body \{"temperature":2,"top_p":0.5\} and \{/),
      });
    expect(server.heard).toHaveLength(asked);
    expect(await play('--body', '{"temperature":2,"top_p":0.5}')).toMatchObject({ exit: 0 });
  });

  test('that was begun before it was kept goes on', async () => {
    const server = await serve();
    expect(await runHere(line(EVAL, server, 'old'))).toMatchObject({ exit: 0 });
    without('server', path('old/run.json'));
    expect(await runHere(line(EVAL, server, 'old', ...BODY))).toMatchObject({ exit: 0 });
  });

  test('goes on with a server that has moved, and says so; shards of several are merged', async () => {
    const [a, b] = [await serve(), await serve()];
    const env = { OPENAI_API_KEY: 'sk-not-to-be-seen' };
    expect(await runCli(line(EVAL, a, 'moved', '--shard', '1/2'), { env })).toMatchObject({ exit: 0 });
    rmSync(path('moved/traces'), { recursive: true });
    expect(await runCli(line(EVAL, b, 'moved', '--shard', '1/2'), { env })).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining(
        `begun with the server at ${a.url}, and goes on with the one at ${b.url}`,
      ),
    });
    expect(readFileSync(path('moved/run.json'), 'utf8')).not.toContain('sk-');
    const other = words`--shard 2/2`;
    expect(await runHere(line(EVAL, b, 'second', ...other))).toMatchObject({ exit: 0 });
    const merge = (out: string, part: string) =>
      runHere(words`eval --merge ${path('moved')} ${path(part)} --out ${path(out)}`);
    expect(await merge('whole', 'second')).toMatchObject({ exit: 0, result: { episodes: 2 } });
    expect(JSON.parse(readFileSync(path('whole/run.json'), 'utf8')).server).toEqual({
      baseUrl: `${a.url}, ${b.url}`,
      body: {},
    });
    expect(await runHere(line(EVAL, b, 'third', ...other, ...BODY))).toMatchObject({ exit: 0 });
    expect(await merge('mixed', 'third')).toMatchObject({
      exit: 3,
      message: expect.stringContaining('--body {} and {"temperature":2'),
    });
  });

  test('of homes that are lived in with other request fields is another one', async () => {
    const denying = await serve({ kind: 'status', status: 401 });
    const lived = (...more: string[]) =>
      runHere(line('eval --student openai --memory memp --lifelong --jobs 1', denying, 'lives', ...more));
    await lived();
    expect(await lived(...BODY)).toMatchObject({
      exit: 3,
      message: expect.stringContaining('--body {} and'),
    });
  });
});

describe('collect', () => {
  const other = { exit: 3, message: expect.stringContaining('made with other settings') };

  test.each([
    ['body', BODY, ['--body', '{"temperature":1}']],
    ['thinking', ['--thinking', 'off'], ['--thinking', 'on']],
  ])('with another %s is another collection', async (name, one, another) => {
    const [server, moved] = [await serve(), await serve()];
    const out = `${name}.jsonl`;
    expect(await runHere(line(COLLECT, server, out, ...one))).toMatchObject({ exit: 0 });
    const asked = server.heard.length;
    expect(await runHere(line(COLLECT, server, out))).toMatchObject(other);
    expect(await runHere(line(COLLECT, server, out, ...another))).toMatchObject(other);
    expect(server.heard).toHaveLength(asked);
    expect(await runHere(line(COLLECT, moved, out, ...one))).toMatchObject({ exit: 0 });
  });

  test('that was begun before it was kept goes on', async () => {
    const server = await serve();
    expect(await runHere(line(COLLECT, server, 'old.jsonl'))).toMatchObject({ exit: 0 });
    without('server', path('old.jsonl'));
    expect(await runHere(line(COLLECT, server, 'old.jsonl', ...BODY))).toMatchObject({ exit: 0 });
  });
});

test("extract doesn't go on with scripts that were asked for otherwise", async () => {
  const [server, moved] = [await serve(), await serve()];
  const [trajectories, request] = [path('trajectories.jsonl'), path('request.txt')];
  await runHere(words`collect --games ${games} --split homes --threads 1 --out ${trajectories}`);
  writeFileSync(request, 'Write down where to look first.');
  const asked = words`--request ${request} --thinking off --body {"top_p":0.5,"seed":1}`;
  const extract = (there: ChatServerForTests, ...more: string[]) =>
    runHere(
      words`extract --extractor openai --model m --trajectories ${trajectories} --base-url ${there.url} --out ${path('scripts.jsonl')} ${more}`,
    );
  expect(await extract(server, ...asked)).toMatchObject({ exit: 0, result: { scripts: 2 } });
  const heard = server.heard.length;
  for (const other of [[], asked.slice(2), asked.slice(0, 2), asked.slice(0, 4)])
    expect(await extract(server, ...other)).toMatchObject({
      exit: 3,
      message: expect.stringContaining("The file doesn't hold scripts by m"),
    });
  const reordered = words`${asked.slice(0, 4)} --body {"seed":1,"top_p":0.5}`;
  expect(await extract(moved, ...reordered)).toMatchObject({ exit: 0, result: { scripts: 2 } });
  expect([server.heard.length, moved.heard.length]).toEqual([heard, 0]);
});
