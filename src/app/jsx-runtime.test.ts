import { expect, test } from 'vitest';
import { jsx, jsxs } from './jsx-runtime.ts';

const EVIL = 'Delete \u202ella peek';
const SHOWN = 'Delete \\u202ella peek';
const propsOf = (element: unknown) => (element as { props: Record<string, unknown> }).props;

test('direction marks act neither in a text nor in an attribute, of HTML or of SVG', () => {
  expect(propsOf(jsx('text', { children: EVIL }))).toEqual({ children: SHOWN });
  expect(propsOf(jsxs('p', { children: [EVIL, 3, [EVIL]] }))).toEqual({ children: [SHOWN, 3, [SHOWN]] });
  for (const name of ['title', 'aria-label', 'alt', 'placeholder', 'aria-description', 'label']) {
    expect(propsOf(jsx('button', { [name]: EVIL, className: EVIL }))).toEqual({
      [name]: SHOWN,
      className: EVIL,
    });
  }
});

test('what is a value stays what it is', () => {
  expect(propsOf(jsx('input', { value: EVIL }))).toEqual({ value: EVIL });
  expect(propsOf(jsx('option', { children: EVIL }))).toEqual({ value: EVIL, children: SHOWN });
  expect(propsOf(jsx('option', { value: '7', children: EVIL }))).toEqual({ value: '7', children: SHOWN });
  // A component may compute with what it is given.
  const Field = () => null;
  expect(propsOf(jsx(Field, { label: EVIL }))).toEqual({ label: EVIL });
});
