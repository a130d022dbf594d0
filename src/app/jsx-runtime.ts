/**
 * What the page's elements are made with (vite.config.ts names it as the source of JSX): React's own functions, with
 * every text on its way to the screen or a screen reader made harmless, in attributes too. Games, links, traces and
 * servers bring marks that turn our own sentences around, and piles of combining marks that take a browser minutes to
 * lay out. What stands in a field (`value`) is left as it is: it's somebody's text to be changed, and goes no further.
 */
import { Fragment, jsx as make, jsxs as makeList } from 'react/jsx-runtime';
import { displayed } from '../base/plain-text.ts';

type Make = typeof make;
type Props = Parameters<Make>[1];

/** The same child where there's nothing to be done, which is nearly always. */
function harmless(child: unknown): unknown {
  if (typeof child === 'string') return displayed(child);
  if (!Array.isArray(child)) return child;
  const told = child.map(harmless);
  return told.some((one, i) => one !== child[i]) ? told : child;
}

/** The attributes whose text is shown or read out. */
const TOLD: ReadonlySet<string> = new Set([
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
]);

/** @param type a component gives its properties on to elements, whose turn comes */
function withHarmless(type: unknown, props: Props): Props {
  const given = props as Readonly<Record<string, unknown>>;
  const element = typeof type === 'string';
  let changed: Record<string, unknown> | undefined;
  for (const name in given) {
    const value = given[name];
    const told = name === 'children' || (element && TOLD.has(name)) ? harmless(value) : value;
    if (told === value) continue;
    changed ??= { ...given };
    changed[name] = told;
  }
  if (changed === undefined) return props;
  // An option without a value has its text for one: the text as it is, not as it's shown.
  if (type === 'option' && typeof given.children === 'string') changed.value = given.value ?? given.children;
  return changed;
}

export const jsx: Make = (type, props, key) => make(type, withHarmless(type, props), key);
export const jsxs: Make = (type, props, key) => makeList(type, withHarmless(type, props), key);
export { Fragment };
