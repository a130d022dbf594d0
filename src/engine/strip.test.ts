import { expect, test } from 'vitest';
import { stripPython } from './strip.ts';

// Recorded from Python 3.11: [c for c in range(0x10000) if chr(c).strip() == ''].
const PYTHON_SPACES = [
  0x9, 0xa, 0xb, 0xc, 0xd, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003,
  0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
];

test('strips exactly what Python strips', () => {
  const stripped: number[] = [];
  for (let c = 0; c < 0x10000; c++) if (stripPython(String.fromCharCode(c)) === '') stripped.push(c);
  expect(stripped).toEqual(PYTHON_SPACES);
  expect(stripPython('\u3000 a b\t\x85')).toBe('a b');
});
