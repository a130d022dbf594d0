import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ok, type Result, refuse, unwrap } from '../../base/result.ts';
import { type BadServer, badServer } from '../../testing/bad-server.ts';
import { type FolderOptions, mlcFolder } from '../../testing/mlc-folder.ts';
import type { Library } from '../registry.ts';
import { LIBRARY_NAME } from './addresses.ts';
import { parseHubAddress, planFromHub, planLibrary } from './hub.ts';
import { entryOfFolder, entryOfHub, type FolderReader } from './model-entry.ts';
import type { DownloadFile } from './plan.ts';

const asked: Library[] = [];
const library: DownloadFile = {
  name: LIBRARY_NAME,
  bytes: 9,
  digest: { algorithm: 'git-sha1', hex: '' },
  url: 'https://x/y.wasm',
};
const plan = async (one: Library): Promise<Result<DownloadFile>> => {
  asked.push(one);
  return ok(library);
};
beforeEach(() => {
  asked.length = 0;
});

function reader(files: ReadonlyMap<string, Uint8Array>): FolderReader {
  return {
    origin: { kind: 'folder', name: 'tiny' },
    text: async (name) => {
      const content = files.get(name);
      return content === undefined
        ? refuse('FILE_MISSING', 'The folder has no such file.', name)
        : ok(new TextDecoder().decode(content));
    },
    url: (name) => `folder:${name}`,
  };
}

describe('a folder', () => {
  const entry = (options: FolderOptions = {}, change?: (files: Map<string, Uint8Array>) => void) => {
    const files = mlcFolder(options);
    change?.(files);
    return entryOfFolder(reader(files), plan);
  };

  test('becomes a model with the library of its shape', async () => {
    const made = await entry();
    expect(made).toMatchObject({
      ok: true,
      value: { title: 'Tiny-Qwen3', quantization: 'q4f32_1', contextLimit: 4096, thinking: 'switchable' },
    });
    expect(asked.map(({ id }) => id)).toEqual(['Qwen3-0.6B-q4f32_1']);
    const names = made.ok ? made.value.files.map(({ name }) => name) : [];
    expect(names.toSorted()).toEqual([
      'library.wasm',
      'mlc-chat-config.json',
      'params_shard_0.bin',
      'params_shard_1.bin',
      'params_shard_2.bin',
      'tensor-cache.json',
      'tokenizer.json',
    ]);
  });

  test('takes the library that lies in it, and asks for none', async () => {
    const made = await entry({ ropeTheta: 1234, library: Uint8Array.of(0, 97, 115, 109) });
    expect(made.ok && made.value.files.find(({ name }) => name === LIBRARY_NAME)?.bytes).toBe(4);
    expect(asked).toEqual([]);
  });

  test('has a name of its own: the same weights the same, others another', async () => {
    const id = async (options?: FolderOptions) => {
      const made = await entry(options);
      return made.ok ? made.value.id : '';
    };
    expect(await id()).toBe(await id({ model: 'Renamed' }));
    expect(await id()).not.toBe(await id({ shards: 2 }));
  });

  test.each<[string, FolderOptions, ((files: Map<string, Uint8Array>) => void) | undefined, string]>([
    ['no manifest', {}, (files) => files.delete('manifest.json'), 'MODEL_FILES'],
    ['a changed manifest', {}, (files) => files.get('manifest.json')?.fill(50, 60, 61), 'MANIFEST_'],
    ["Hugging Face's format", { kind: 'huggingface' }, undefined, 'MODEL_KIND'],
    ['no library for its RoPE theta', { ropeTheta: 1234 }, undefined, 'LIBRARY_UNKNOWN'],
    ['no list of tensors', {}, (files) => files.delete('tensor-cache.json'), 'FILE_MISSING'],
    [
      'a configuration that is none',
      {},
      (files) => files.set('mlc-chat-config.json', Buffer.from('{')),
      'MODEL_SHAPE',
    ],
    [
      'another architecture',
      {},
      (files) => files.set('mlc-chat-config.json', Buffer.from('{"model_type":"llama"}')),
      'MODEL_KIND',
    ],
    [
      'a configuration without sizes',
      {},
      (files) => files.set('mlc-chat-config.json', Buffer.from('{"model_type":"qwen3"}')),
      'MODEL_SHAPE',
    ],
    [
      'lists that disagree',
      {},
      (files) => {
        files.set('tensor-cache.json', mlcFolder({ shards: 4 }).get('tensor-cache.json') ?? new Uint8Array());
      },
      'MODEL_FILES',
    ],
    [
      'shards of another size',
      {},
      (files) => {
        const other = mlcFolder({ shardBytes: 640 }).get('tensor-cache.json');
        files.set('tensor-cache.json', other ?? new Uint8Array());
      },
      'MODEL_FILES',
    ],
  ])('is refused: %s', async (_, options, change, code) => {
    const made = await entry(options, change);
    expect(made.ok ? 'taken' : made.error.code).toMatch(new RegExp(`^${code}`));
  });

  test("whose library can't be had is refused with the reason", async () => {
    const made = await entryOfFolder(reader(mlcFolder()), async () =>
      refuse('HOST_UNREACHABLE', 'no network'),
    );
    expect(made).toMatchObject({ error: { code: 'HOST_UNREACHABLE' } });
  });
});

describe('a hub', () => {
  let server: BadServer;
  beforeEach(async () => {
    server = await badServer();
  });
  afterEach(() => server.stop());

  const COMMIT = 'ab'.repeat(20);
  const json = (path: string, value: unknown) => server.files.set(path, Buffer.from(JSON.stringify(value)));
  const git = (content: Uint8Array): string =>
    createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  const hubs = () => {
    const at = server.address.slice(0, -1);
    return { huggingFace: at, gitHubApi: `${at}/api`, gitHubRaw: `${at}/raw` };
  };

  /** As the hub lists it: large files with their SHA-256, small ones with git's digest. */
  function publish(files: ReadonlyMap<string, Uint8Array>, rename = (name: string) => name): void {
    json('api/models/mlc-ai/Tiny/revision/main', { sha: COMMIT });
    json(`api/models/mlc-ai/Tiny/tree/${COMMIT}`, [
      { type: 'directory', path: 'logs' },
      { type: 'file', path: 'README.md', size: 3, oid: '12'.repeat(20) },
      ...[...files].map(([name, content]) => ({
        type: 'file',
        path: rename(name),
        size: name.endsWith('.bin') ? 133 : content.length,
        oid: git(content),
        ...(name.endsWith('.bin')
          ? { lfs: { oid: createHash('sha256').update(content).digest('hex'), size: content.length } }
          : {}),
      })),
    ]);
  }

  test('says what its files are, at a commit', async () => {
    const files = mlcFolder();
    publish(files);
    const planned = unwrap(await planFromHub(fetch, 'mlc-ai/Tiny', 'main', hubs()));
    expect(planned.revision).toBe(COMMIT);
    expect(planned.files.map(({ name }) => name).toSorted()).toEqual([
      'mlc-chat-config.json',
      'params_shard_0.bin',
      'params_shard_1.bin',
      'params_shard_2.bin',
      'tensor-cache.json',
      'tokenizer.json',
    ]);
    const shard = planned.files.find(({ name }) => name === 'params_shard_1.bin');
    expect(shard).toMatchObject({ bytes: 64_000, digest: { algorithm: 'sha256' } });
    expect(shard?.url).toBe(`${server.address}mlc-ai/Tiny/resolve/${COMMIT}/params_shard_1.bin`);
    const config = new TextDecoder().decode(files.get('mlc-chat-config.json'));
    const made = await entryOfHub('mlc-ai/Tiny', COMMIT, planned.files, config, plan);
    expect(made).toMatchObject({ ok: true, value: { title: 'Tiny', weights: COMMIT } });
  });

  test('may name the list of tensors as it did before', async () => {
    publish(mlcFolder(), (name) => (name === 'tensor-cache.json' ? 'ndarray-cache.json' : name));
    const planned = await planFromHub(fetch, 'mlc-ai/Tiny', 'main', hubs());
    const list = planned.ok
      ? planned.value.files.find(({ name }) => name === 'tensor-cache.json')
      : undefined;
    expect(list?.url).toMatch(/ndarray-cache\.json$/);
  });

  test('that lacks files, answers nonsense, or is away is refused', async () => {
    const made = async () => {
      const planned = await planFromHub(fetch, 'mlc-ai/Tiny', 'main', hubs());
      if (!planned.ok) return planned.error.code;
      const entry = await entryOfHub('mlc-ai/Tiny', COMMIT, planned.value.files, '{}', plan);
      return entry.ok ? 'taken' : entry.error.code;
    };
    expect(await made()).toBe('FILE_MISSING');
    json('api/models/mlc-ai/Tiny/revision/main', { sha: '../x' });
    expect(await made()).toBe('HUB_ANSWER');
    publish(new Map());
    expect(await made()).toBe('MODEL_FILES');
    json(`api/models/mlc-ai/Tiny/tree/${COMMIT}`, [
      { type: 'file', path: 'tokenizer.json', size: -1, oid: git(new Uint8Array()) },
    ]);
    expect(await made()).toBe('HUB_ANSWER');
    server.always = 'html';
    expect(await made()).toBe('NOT_DATA');
    await server.stop();
    expect(await made()).toBe('HOST_UNREACHABLE');
  });

  test("a library is known by git's digest at its commit", async () => {
    const one: Library = {
      id: 'l',
      shape: { ...SHAPE },
      quantization: 'q4f16_1',
      repository: 'mlc-ai/libs',
      commit: COMMIT,
      path: 'a/l.wasm',
      webLlm: [],
      thinking: 'never',
    };
    json('api/repos/mlc-ai/libs/contents/a/l.wasm', { sha: 'cd'.repeat(20), size: 77 });
    expect(await planLibrary(fetch, one, hubs())).toEqual({
      ok: true,
      value: {
        name: LIBRARY_NAME,
        bytes: 77,
        digest: { algorithm: 'git-sha1', hex: 'cd'.repeat(20) },
        url: `${server.address}raw/mlc-ai/libs/${COMMIT}/a/l.wasm`,
      },
    });
  });

  test('addresses of Hugging Face are known', () => {
    const main = { repository: 'me/mine', revision: 'main' };
    expect(parseHubAddress('https://huggingface.co/me/mine')).toEqual(main);
    expect(parseHubAddress('https://huggingface.co/me/mine/tree/v1')).toEqual({ ...main, revision: 'v1' });
    expect(parseHubAddress('https://huggingface.co/me')).toBeUndefined();
    expect(parseHubAddress('https://huggingface.co/../x')).toBeUndefined();
    expect(parseHubAddress('https://example.com/me/mine')).toBeUndefined();
  });
});

const SHAPE = {
  hiddenSize: 1,
  layers: 1,
  heads: 1,
  kvHeads: 1,
  headDim: 1,
  intermediateSize: 1,
  vocabulary: 1,
  ropeTheta: 1,
  tied: true,
};
