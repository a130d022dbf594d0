import { expect, test } from 'vitest';
import { createTerminal, type Terminal } from './terminal.ts';

function recorder(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, write: (text: string) => written.push(text) };
}

const terminalOf = (out = recorder(false), err = recorder(false), now = () => 0): Terminal =>
  createTerminal(out, err, now, () => {});

test('progress in a file comes every two seconds at most', () => {
  let clock = 0;
  const err = recorder(false);
  const terminal = terminalOf(recorder(false), err, () => clock);
  for (clock = 0; clock < 5000; clock += 500) terminal.progress(`${clock} ms`);
  expect(err.written).toEqual(['0 ms\n', '2000 ms\n', '4000 ms\n']);
});

test('in a terminal progress overwrites itself and leaves nothing behind', () => {
  const out = recorder(true);
  const err = recorder(true);
  const terminal = terminalOf(out, err);
  terminal.progress('1 of 2');
  terminal.progress('2 of 2');
  terminal.print('two games');
  expect(err.written.join('')).toBe('\r\x1b[K1 of 2\r\x1b[K2 of 2\r\x1b[K');
  expect(out.written).toEqual(['two games\n']);
});

test('only who asks for the signal takes over Ctrl-C', () => {
  const aborts: (() => void)[] = [];
  const terminal = createTerminal(
    recorder(false),
    recorder(false),
    () => 0,
    (abort) => aborts.push(abort),
  );
  expect(aborts).toHaveLength(0);
  const { signal } = terminal;
  expect(terminal.signal).toBe(signal);
  expect(aborts).toHaveLength(1);
  aborts[0]?.();
  expect(signal.aborted).toBe(true);
});

test('escape sequences of games, traces and servers are written out, whatever way they take', () => {
  const out = recorder(true);
  const err = recorder(true);
  const terminal = terminalOf(out, err);
  const evil = 'a\x1b]0;owned\x07\u202eb';
  terminal.print(evil, (text) => `<${text}>`);
  terminal.note(evil);
  terminal.progress(evil);
  const plain = 'a\\u001b]0;owned\\u0007\\u202eb';
  expect(out.written).toEqual([`<${plain}>\n`]);
  expect(err.written).toEqual([`${plain}\n`, `\r\x1b[K${plain}`]);
});
