/**
 * What the page's elements are made with (vite.config.ts names it as the source of JSX): React's own functions, with
 * every text on its way to the screen or a screen reader made harmless, in attributes too. Games, links, traces and
 * servers bring marks that turn our own sentences around, and piles of combining marks that take a browser minutes to
 * lay out. What stands in a field (`value`) is left as it is: it's somebody's text to be changed, and goes no further.
 */
import { Fragment, jsx as make, jsxs as makeList } from 'react/jsx-runtime';
import { displayed } from '../base/plain-text.ts';
import { table } from '../base/table.ts';

type Make = typeof make;
type Props = Parameters<Make>[1];

function harmless(child: unknown): unknown {
  if (typeof child === 'string') return displayed(child);
  return Array.isArray(child) ? child.map(harmless) : child;
}

/** The attributes whose text is shown or read out. */
const TOLD = [
  'title',
  'alt',
  'label',
  'placeholder',
  'summary',
  'aria-label',
  'aria-description',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
] as const;

/** @param type a component gives its properties on to elements, whose turn comes */
function withHarmless(type: unknown, props: Props): Props {
  const given = props as Readonly<Record<string, unknown>>;
  const changed: Record<string, unknown> = table();
  const { children } = given;
  if (typeof children === 'string' || Array.isArray(children)) changed.children = harmless(children);
  if (typeof type === 'string') {
    for (const name of TOLD) if (typeof given[name] === 'string') changed[name] = harmless(given[name]);
    // An option without a value has its text for one: the text as it is, not as it's shown.
    if (type === 'option' && typeof children === 'string') changed.value = given.value ?? children;
  }
  return { ...given, ...changed };
}

export const jsx: Make = (type, props, key) => make(type, withHarmless(type, props), key);
export const jsxs: Make = (type, props, key) => makeList(type, withHarmless(type, props), key);
export { Fragment };
