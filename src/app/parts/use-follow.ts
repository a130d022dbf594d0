/** The focus follows the action: to what appears where the pressed button was, unless the person is elsewhere by then. */
import { type RefObject, useEffect } from 'react';

/** @param target takes the focus once, when it appears */
export function useFollow(target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    // On a touch screen a field with the focus calls up a keyboard, which hides the house.
    const keyboard = target.current instanceof HTMLInputElement && matchMedia('(pointer: coarse)').matches;
    if (keyboard) return;
    const { activeElement } = document;
    const free = activeElement === null || activeElement === document.body;
    if (free || activeElement?.closest('.control-bar') !== null)
      target.current?.focus({ preventScroll: true });
  }, [target]);
}
