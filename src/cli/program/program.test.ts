import { expect, test } from 'vitest';
import { probes } from '../../testing/probes.ts';
import { runProgram } from './program.ts';
import { registry } from './registry.ts';
import { createTerminal } from './terminal.ts';

async function run(words: readonly string[], entries = probes) {
  let stdout = '';
  let stderr = '';
  const out = { write: (text: string) => (stdout += text) };
  const err = { write: (text: string) => (stderr += text) };
  const terminal = createTerminal(
    out,
    err,
    () => 0,
    () => {},
  );
  const outcome = await runProgram(words, entries, '1.2.3', { out, err, terminal });
  return { outcome, stdout, stderr };
}

test('options reach the subcommand with their types', async () => {
  const { outcome } = await run(['echo', 'mug', '--count', '3', '--memory', 'script', '--shard', '2/4']);
  expect(outcome).toEqual({
    exit: 0,
    result: { count: 3, rate: 0.5, memory: 'script', shard: { index: 2, count: 4 }, word: 'mug' },
  });
});

test.each([
  [['failed'], { exit: 1, message: 'Two episodes differ.', result: { mismatches: 2 } }],
  [['usage'], { exit: 2, message: 'Give --out or --dry-run.' }],
  [['input'], { exit: 3, message: "a.zip: This isn't a zip file.", result: { games: 0 } }],
])('%j ends as it says', async (words, outcome) => {
  expect((await run(words)).outcome).toEqual(outcome);
});

test.each([
  [[], "Name a subcommand; 'duomem --help' lists them."],
  [['ecko'], "Unknown command 'ecko'. Did you mean echo? See 'duomem --help'."],
  [['--verbose'], "Unknown option '--verbose'. See 'duomem --help'."],
  [['echo'], "Required option '--count <n>' not specified. See 'duomem echo --help'."],
  [
    ['echo', '--count', '3', '--rat', '1'],
    "Unknown option '--rat'. Did you mean --rate? See 'duomem echo --help'.",
  ],
  [['echo', '--count'], "Option '--count <n>' argument missing. See 'duomem echo --help'."],
  [
    ['echo', '--count', '3', 'a', 'b'],
    "Too many arguments for 'echo'. Expected 1 argument but got 2. See 'duomem echo --help'.",
  ],
])('%j is wrong usage', async (words, message) => {
  expect(await run(words)).toEqual({ outcome: { exit: 2, message }, stdout: '', stderr: '' });
});

test.each([
  ['--count <n>', '10', 'It must be a whole number from 1 to 9.'],
  ['--count <n>', '2.5', 'It must be a whole number from 1 to 9.'],
  ['--count <n>', '', 'It must be a whole number from 1 to 9.'],
  ['--rate <p>', 'NaN', 'It must be a number from 0 to 1.'],
  ['--rate <p>', '', 'It must be a number from 0 to 1.'],
  ['--memory <kind>', 'all', 'It must be one of none, script.'],
  ['--shard <i/n>', '5/4', 'It must be i/n with i from 1 to n.'],
  ['--shard <i/n>', '0/4', 'It must be i/n with i from 1 to n.'],
])("%s doesn't take '%s'", async (option, value, why) => {
  const { outcome } = await run(['echo', '--count', '1', option.split(' ')[0] ?? '', value]);
  const message = `Option '${option}' argument '${value}' is invalid. ${why} See 'duomem echo --help'.`;
  expect(outcome).toEqual({ exit: 2, message });
});

test.each([[['--help']], [['-h']], [['help']]])('%j lists every subcommand and loads none', async (words) => {
  const { outcome, stdout, stderr } = await run(words);
  expect({ outcome, stderr }).toEqual({ outcome: undefined, stderr: '' });
  expect(stdout).toMatch(/^ {2}unloadable +Is never loaded unless it is called$/m);
  expect(stdout).toMatch(/2 wrong usage/);
});

test.each([[['echo', '--help']], [['help', 'echo']]])('%j explains one subcommand', async (words) => {
  const { outcome, stdout, stderr } = await run(words);
  expect({ outcome, stderr }).toEqual({ outcome: undefined, stderr: '' });
  expect(stdout).toMatch(/--count <n> +how many/);
});

test('--version says which', async () => {
  expect(await run(['--version'])).toEqual({ outcome: undefined, stdout: '1.2.3\n', stderr: '' });
});

test('every subcommand of duomem loads and explains itself', async () => {
  expect(new Set(registry.map((entry) => entry.name)).size).toBe(registry.length);
  for (const entry of registry) {
    const { outcome, stdout } = await run([entry.name, '--help'], registry);
    expect(outcome).toBeUndefined();
    expect(stdout).toContain(entry.summary);
  }
});
