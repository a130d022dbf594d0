/**
 * The focus follows the action. Where the focused element is removed or disabled, the focus would fall to the top of
 * the page: it's led to what took the element's place or else is nearest to it, in all views. Nothing moves while
 * anything else has the focus, nor where nothing had it.
 */
import { type RefObject, useEffect } from 'react';
import type { FocusPlace } from './lead-focus.ts';

/** The person has pressed something. */
let touched = false;
/** The focus was led where it is, and the person has pressed nothing since. */
let led = false;
/** It's being led. */
let looking = false;
const place: FocusPlace = { focused: undefined, spot: document, home: document };

function isFree(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement.matches('body, :disabled');
}

function give(element: HTMLElement): boolean {
  // On a touch screen a field with the focus calls up a keyboard, which hides the house.
  const keyboard = element.matches(':read-write') && matchMedia('(pointer: coarse)').matches;
  if (keyboard) return false;
  element.focus({ preventScroll: true });
  led = !isFree();
  return led;
}

// An assistive program may click without either of the others.
for (const kind of ['pointerdown', 'keydown', 'click']) {
  document.addEventListener(
    kind,
    (event) => {
      touched = true;
      // A key that is held down presses what it was put on, and not what the focus is led to.
      if (!(event instanceof KeyboardEvent && event.repeat)) led = false;
      else if (led && event.key === 'Enter') event.preventDefault();
    },
    true,
  );
}

document.addEventListener('focusin', ({ target }) => {
  const focused = target as HTMLElement;
  Object.assign(place, { focused, spot: focused, home: focused.parentNode });
  led = false;
});

document.addEventListener('focusout', ({ relatedTarget }) => {
  if (relatedTarget !== null) return;
  // The browser may say this before the element is gone. Where it stays, the person has clicked beside it.
  queueMicrotask(() => {
    const { focused } = place;
    if (focused?.isConnected && !focused.matches(':disabled') && isFree()) place.focused = undefined;
  });
});

new MutationObserver((records) => {
  if (place.focused === undefined) return;
  for (const { removedNodes, previousSibling, target } of records) {
    for (const node of removedNodes) {
      if (!node.contains(place.spot)) continue;
      place.home = target;
      place.spot = previousSibling ?? target;
      // The end of what stands before it.
      while (previousSibling !== null && place.spot.lastChild !== null) place.spot = place.spot.lastChild;
    }
  }
  if (looking || !isFree()) return;
  looking = true;
  void import('./lead-focus.ts').then(async ({ leadFocus }) => {
    await leadFocus(place, isFree, give);
    looking = false;
  });
}).observe(document, { subtree: true, childList: true, attributeFilter: ['disabled'] });

/** @param target takes the focus when it appears, unless the person is elsewhere by then, or has pressed nothing yet */
export function useFollow(target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { current } = target;
    // What was pressed is gone, or is another button by now.
    const pressed = document.activeElement?.matches('.control-bar .primary') === true;
    if (touched && (isFree() || led || pressed) && current !== null && isInSight(current)) give(current);
  }, [target]);
}

function isInSight(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
}
