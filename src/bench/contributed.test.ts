// Every file in bench/results is a result that the page can show: what a contribution is checked by.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { formatBench, parseBench } from './bench-file.ts';

const folder = fileURLToPath(new URL('../../bench/results', import.meta.url));
const names = existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'README.md') : [];

test.each(names)('%s', (name) => {
  expect(name).toMatch(/^[a-z0-9.-]{1,80}\.json$/);
  const result = parseBench(readFileSync(`${folder}/${name}`, 'utf8'));
  if (!result.ok) throw new Error(result.error.message);
  expect(result.value.invalid).toEqual([]);
  expect(result.value.profile).toBe('full');
  // A repository lasts: what stands in it must be readable again.
  expect(parseBench(formatBench(result.value))).toEqual(result);
});

test('there is a place for them', () => {
  expect(existsSync(folder)).toBe(true);
});
