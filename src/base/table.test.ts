import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { table } from './table.ts';
import { taskTypeName } from './task-types.ts';

const SRC = fileURLToPath(new URL('..', import.meta.url));

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('%s is in no table', (word) => {
  expect(table({ a: 1 })[word]).toBeUndefined();
  expect(taskTypeName(word)).toBe(word.replaceAll('_', ' '));
});

test('what is written under __proto__ is there afterwards', () => {
  const counts = table<number>();
  for (const word of ['__proto__']) counts[word] = 3;
  expect(Object.entries(counts)).toEqual([['__proto__', 3]]);
});

/** A plain object with any text for its keys, as a constant or to be filled. */
const PLAIN =
  /\b(?:const|let|readonly) [#\w]+: (?:Readonly<)?Record<string, .*> = \{|#\w+: Record<string, .*> = \{/;
/** Their keys are the code's own, or those of a file that comes with it: nobody else's words are looked up. */
const OWN_KEYS: readonly string[] = [
  'base/schema.ts',
  'serve/service.ts',
  'students/pocket/onnx.ts',
  'teacher/fit-prior.ts',
];

test('no plain object is a table in the code of page and command line', () => {
  const found = (readdirSync(SRC, { recursive: true }) as string[])
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|^testing/.test(name) && !OWN_KEYS.includes(name))
    .flatMap((name) =>
      readFileSync(join(SRC, name), 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          PLAIN.test(line) ? [`${name}:${i + 1}: use table() of src/base/table.ts`] : [],
        ),
    );
  expect(found).toEqual([]);
});
