import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, displayed, inert, markdownTable, markdownText, xmlText } from './plain-text.ts';

const ESCAPES = ['\x1b[2J', '\x9b31m', '\x07', '\r', '\b', '\u202e', '\u2066', '\u200f', '\u2028'];

test('whatever a terminal obeys is written out, ends of lines and tabs stay', () => {
  for (const acting of ESCAPES) {
    expect(inert(`a${acting}b`)).toMatch(/^a\\u[0-9a-f]{4}/);
    expect(inert(`a${acting}b`)).not.toContain(acting[0]);
  }
  expect(inert('a\n\tb é 漢 שלום 👩‍🚀')).toBe('a\n\tb é 漢 שלום 👩‍🚀');
});

test('a line of JSON keeps its meaning', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(fc.string(), fc.constantFrom(...ESCAPES)) }), (text) => {
      expect(JSON.parse(inert(JSON.stringify({ text })))).toEqual({ text });
    }),
  );
});

test('a spreadsheet computes nothing, and quotes are doubled', () => {
  expect(csvCell('=HYPERLINK("http://x")')).toBe('"\'=HYPERLINK(""http://x"")"');
  for (const start of ['=1', '+1', '-1', '@a', '\t=1', ' =1']) expect(csvCell(start)).toMatch(/^"?'/);
  // What can't be seen before it, full-width signs, and other countries' ends of a cell.
  for (const start of ['\u200b=1', '\ufeff@a', '\u00ad+1', '＝1', '＠a', '＋1', '－1'])
    expect(csvCell(start)).toBe(`'${start}`);
  expect(csvCell('a;=1')).toBe('"a;\'=1"');
  expect(csvCell('a\t =1|-2\n@b')).toBe("\"a\t' =1|'-2\n'@b\"");
  expect(csvCell('\x1b[2J\u202e\0\r=1')).toBe('\\u001b[2J\\u202e\\u0000\\u000d=1');
  expect(csvCell('a-b;c')).toBe('"a-b;c"');
  expect(csvCell('a,b')).toBe('"a,b"');
  expect(csvCell('a\nb')).toBe('"a\nb"');
  expect(csvCell('plain text')).toBe('plain text');
  expect(csvCell(-3)).toBe('-3');
});

test('a text of any length is written in one go', () => {
  // Looking around from each character would never end.
  const many = 1_000_000;
  expect(csvCell(`${'\n'.repeat(many)}=1`)).toHaveLength(2 * many + 5);
  expect(markdownText(`${'1'.repeat(many)}.`)).toHaveLength(many + 2);
});

test('a text makes no cell, line or tag in Markdown', () => {
  expect(markdownText('a|b <img src=x>\n| c')).toBe('a\\|b &lt;img src=x&gt; \\| c');
  for (const [text, kept] of [
    ['- a', '\\- a'],
    ['---', '\\---'],
    ['1. a', '1\\. a'],
    ['23) a', '23\\) a'],
    ['https://a.b', 'https\\://a.b'],
    ['WWW.a.b', 'WWW\\.a.b'],
    ['[a](javascript:b)', '\\[a\\]\\(javascript:b\\)'],
    ['![a](b)', '\\!\\[a\\]\\(b\\)'],
    ['a &lt;b', 'a &amp;lt;b'],
    ['put it - at 3.5', 'put it - at 3.5'],
    ['write to a@b.com or @c', 'write to a@<!-- -->b.com or @<!-- -->c'],
    ['xmpp:a@b.com', 'xmpp:a@<!-- -->b.com'],
    ['3 @ 4', '3 @ 4'],
  ] as const)
    expect(markdownText(text)).toBe(kept);
  expect(markdownTable(['k'], [[markdownText('x | y\nz')]])).toEqual([
    '| k |',
    '| --- |',
    '| x \\| y z |',
    '',
  ]);
});

test('a text makes no tag, attribute or turned line in a picture', () => {
  expect(xmlText('a<b c="d">\u202e\0&')).toBe('a&#60;b c=&#34;d&#34;&#62;\\u202e\\u0000&#38;');
  // XML has no place for these, not even by their number.
  expect(xmlText('\ufffe\uffff\ud800a')).toBe('\ufffd\ufffd\ufffda');
});

test('what a page shows turns nothing around and piles nothing up; other writings stay as they are', () => {
  expect(displayed(`a${'\u0301'.repeat(60_000)}b`)).toBe(`a${'\u0301'.repeat(16)}…b`);
  expect(displayed('Play \u202eevil')).toBe('Play \\u202eevil');
  // A figure of the page's behind it stays behind it.
  expect(displayed('put שלום עולם')).toBe('put שלום עולם\u200e');
  expect(displayed('שלום, 5 steps, سلام.')).toBe('שלום\u200e, 5 steps, سلام\u200e.');
  expect(displayed('שלום\u202e')).toBe('שלום\u200e\\u202e');
  for (const text of ['é', 'हिन्दी', 'བོད་སྐད', '👩‍🚀', 'two\nlines']) expect(displayed(text)).toBe(text);
  const once = displayed(`\u202e${'\u0301'.repeat(99)}`);
  for (const text of [once, displayed('שלום, 5 עולם')]) expect(displayed(text)).toBe(text);
});
