// Where a library, or Node's process, is touched: comments say 'the only file', and this holds them to it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './lib/command.mjs';

/** @type {Record<string, readonly string[]>} folders and files, tests aside */
const PLACES = {
  '@commander-js/extra-typings': ['src/cli/'],
  '@huggingface/transformers': ['src/memory/transformers-embedder.ts'],
  '@mlc-ai/web-llm': ['src/students/mlc/web-llm.ts'],
  '@zip.js/zip.js': ['src/engine/import/zip.ts'],
  comlink: [
    'src/app/benchmark/bench-client.ts',
    'src/app/callbacks.ts',
    'src/app/restarting-worker.ts',
    'workers/agent.ts',
    'workers/bench.ts',
    'workers/data.ts',
    'workers/models.ts',
    'workers/practice.ts',
  ],
  idb: ['src/storage/'],
  'onnxruntime-node': ['src/students/pocket/onnx-node.ts'],
  'onnxruntime-web': ['src/students/pocket/onnx-web.ts'],
  openai: ['src/students/openai/client.ts'],
  react: ['src/app/'],
  'react-dom': ['src/app/'],
};

const sources = ['src', 'workers']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${name}`),
  )
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^src\/testing\//.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** @param {RegExp} pattern @param {readonly string[]} places those outside of which it stands, and those where it doesn't */
function misplaced(pattern, places) {
  const found = sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
  return [
    ...found.filter((file) => !places.some((place) => file.startsWith(place))),
    ...places.filter((place) => !found.some((file) => file.startsWith(place))),
  ];
}

test.each(Object.entries(PLACES))('%s is imported where it says here', (name, places) => {
  expect(misplaced(new RegExp(`(from |import\\(|import )'${name}(/[^']*)?'`), places)).toEqual([]);
});

test("Node's process is touched by the command line, and asked for by the embedder", () => {
  expect(misplaced(/\bprocess\.[a-z]/, ['src/cli/', 'src/memory/transformers-embedder.ts'])).toEqual([]);
});

test('a key is read from the environment in one file', () => {
  expect(
    misplaced(/process\.env\[KEY\]|env\.OPENAI_API_KEY/, ['src/cli/students/server-options.ts']),
  ).toEqual([]);
});

test('the teacher sees the state of a game in one file, and of training games', () => {
  const places = ['src/teacher/fit-prior.ts'];
  const seen = misplaced(/from '\.\.\/engine\/(problem|world|state|episode|names)/, places);
  expect(seen.filter((file) => file.startsWith('src/teacher/'))).toEqual([]);
});
