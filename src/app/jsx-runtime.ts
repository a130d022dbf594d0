/**
 * What the page's elements are made with (vite.config.ts names it as the source of JSX): React's own functions, with
 * every text on its way to the screen made harmless. Games, links, traces and servers bring marks that turn our own
 * sentences around, and piles of combining marks that take a browser minutes to lay out.
 */
import { Fragment, jsx as make, jsxs as makeList } from 'react/jsx-runtime';
import { displayed } from '../base/plain-text.ts';

type Make = typeof make;
type Props = Parameters<Make>[1];

function harmless(child: unknown): unknown {
  if (typeof child === 'string') return displayed(child);
  return Array.isArray(child) ? child.map(harmless) : child;
}

function withHarmless(props: Props): Props {
  const { children } = props as { readonly children?: unknown };
  if (typeof children !== 'string' && !Array.isArray(children)) return props;
  return { ...(props as object), children: harmless(children) };
}

export const jsx: Make = (type, props, key) => make(type, withHarmless(props), key);
export const jsxs: Make = (type, props, key) => makeList(type, withHarmless(props), key);
export { Fragment };
