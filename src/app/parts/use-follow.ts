/**
 * The focus follows the action: to what appears where the pressed button was, unless the person is elsewhere by then, or
 * has pressed nothing yet.
 */
import { type RefObject, useEffect } from 'react';

let touched = false;
const touch = (): void => {
  touched = true;
};
// An assistive program may click without either of the others.
for (const kind of ['pointerdown', 'keydown', 'click']) {
  document.addEventListener(kind, touch, { capture: true, once: true });
}

/** @param target takes the focus once, when it appears */
export function useFollow(target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    // On a touch screen a field with the focus calls up a keyboard, which hides the house.
    const keyboard = target.current instanceof HTMLInputElement && matchMedia('(pointer: coarse)').matches;
    if (keyboard) return;
    const { activeElement } = document;
    // What was pressed is gone, or is another button by now.
    const free = activeElement === null || activeElement === document.body;
    const pressed = activeElement?.matches('.control-bar .primary') === true;
    if (!(free || pressed) || !touched || !isInSight(target.current)) return;
    target.current?.focus({ preventScroll: true });
  }, [target]);
}

function isInSight(element: HTMLElement | null): boolean {
  const { top, bottom } = element?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
  return bottom > 0 && top < window.innerHeight;
}
