// Names and types of src: what it exports under a name, no other file exports, and a parser says how it refuses.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './lib/command.mjs';

/** @type {Readonly<Record<string, string>>} names that stand in several files, and why */
const EXCEPTIONS = {
  subcommand: 'what each file of a subcommand exports, for src/cli/program/registry.ts',
};

const SOURCES = readdirSync(join(root, 'src'), { encoding: 'utf8', recursive: true })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => /** @type {const} */ ([file, readFileSync(join(root, 'src', file), 'utf8')]));

const EXPORT =
  /^export (?:default )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

/** @param {readonly (readonly [file: string, text: string])[]} sources @returns {Record<string, readonly string[]>} */
function exportedTwice(sources) {
  /** @type {Map<string, Set<string>>} */
  const files = new Map();
  for (const [file, text] of sources)
    for (const [, name = ''] of text.matchAll(EXPORT))
      files.set(name, (files.get(name) ?? new Set()).add(file));
  const twice = [...files].filter(([name, { size }]) => size > 1 && !(name in EXCEPTIONS));
  return Object.fromEntries(twice.map(([name, where]) => [name, [...where].sort()]));
}

test('no two files of src export the same name', () => {
  expect(SOURCES.length).toBeGreaterThan(800);
  expect(exportedTwice(SOURCES)).toEqual({});
});

test('a name of two files is found', () => {
  const sources = [
    ['a.ts', 'export interface Plan {}\nexport const once = 1;\n'],
    [
      'b.ts',
      "export async function Plan() {}\nexport { once } from './a.ts';\nexport const subcommand = 1;\n",
    ],
    ['c.ts', 'export const subcommand = 1;\n'],
  ];
  expect(exportedTwice(/** @type {[string, string][]} */ (sources))).toEqual({ Plan: ['a.ts', 'b.ts'] });
});

test("a parser's type says which codes it refuses with", () => {
  const vague = SOURCES.flatMap(([file, text]) =>
    [...text.matchAll(/^(?:export )?(?:async )?function (parse\w+)\([^{]*\): (?:Promise<)?Result</gm)].map(
      ([, name]) => `${file} ${name}`,
    ),
  );
  expect(vague).toEqual([]);
});
