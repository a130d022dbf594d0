// What the documents name is there: links, anchors, subcommands, npm scripts; and README stays short.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './lib/command.mjs';

const SKIPPED = ['node_modules', 'dist', 'out', 'coverage', 'test-results'];

/** @param {string} folder @returns {string[]} */
function documents(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return SKIPPED.includes(entry.name) || entry.name.startsWith('.') ? [] : documents(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** @param {string} text the text of a document; its headings as GitHub makes anchors of them */
function anchors(text) {
  return [...text.matchAll(/^#{1,6} +(.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const files = documents(root);
const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts);
const subcommands = readFileSync(join(root, 'src/cli/program/registry.ts'), 'utf8');

test('there are documents', () => {
  const names = files.map((file) => relative(root, file));
  expect(names).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/development.md']),
  );
});

test('every version is the one of package.json', () => {
  /** @param {string} file */
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const { version } = JSON.parse(read('package.json'));
  for (const file of ['packages/engine/package.json', 'python/src/duomem/engine/package.json'])
    expect(JSON.parse(read(file)).version, file).toBe(version);
  expect(read('CITATION.cff')).toContain(`\nversion: ${version}\n`);
  expect(read('CHANGELOG.md')).toContain(version);
});

test.each(files.map((file) => [relative(root, file)]))('%s: every link leads somewhere', (name) => {
  const text = readFileSync(join(root, name), 'utf8');
  const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^(https?|mailto):/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(root, name) : join(root, dirname(name), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchors(readFileSync(target, 'utf8')).includes(anchor);
    });
  expect(broken).toEqual([]);
});

test.each(files.map((file) => [relative(root, file)]))('%s: every command is one', (name) => {
  const text = readFileSync(join(root, name), 'utf8');
  const unknown = [
    ...[...text.matchAll(/npm run (?:-s )?([a-z\d:]+)/g)]
      .map(([, script = '']) => script)
      .filter((s) => !scripts.includes(s)),
    ...[...text.matchAll(/npm run -s duomem -- ([a-z]+)/g)]
      .map(([, sub = '']) => sub)
      .filter((sub) => !subcommands.includes(`./../${sub}.ts`) && !subcommands.includes(`../${sub}.ts`)),
    ...[...text.matchAll(/npx tsx (scripts\/[\w./-]+)/g)]
      .map(([, path = '']) => path)
      .filter((p) => !existsSync(join(root, p))),
  ];
  expect(unknown).toEqual([]);
});

test('README is read in a few minutes', () => {
  expect(statSync(join(root, 'README.md')).size).toBeLessThan(8500);
});
