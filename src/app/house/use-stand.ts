/** Where in the picture the agent stands: measured, since the plan is laid out by CSS. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

interface Stand {
  /** Pixels from the plan's upper left corner to the agent's feet. */
  readonly x: number;
  readonly y: number;
}

/**
 * Undefined until it is measured.
 * @param door the plan's own child that is its door
 * @param spot the place where it stands; undefined is the door
 */
export function useStand(door: RefObject<HTMLElement | null>, spot: string | undefined): Stand | undefined {
  const [stand, setStand] = useState<Stand>();
  useLayoutEffect(() => {
    const element = door.current?.parentElement;
    if (!element) return;
    const measure = (): void => {
      const frame = element.getBoundingClientRect();
      const name = CSS.escape(spot ?? 'door');
      const place = element.querySelector(`[data-spot="${name}"]`)?.getBoundingClientRect();
      if (place === undefined) return;
      // In the lower right corner of a place, where neither number nor things stand; at the door in its middle.
      const inset = spot === undefined ? place.width / 2 : 8;
      setStand({
        x: Math.round(place.right - frame.left - inset),
        y: Math.round(place.bottom - frame.top + (spot === undefined ? 0 : 6)),
      });
    };
    // It is told once at the start too, after the browser's own layout and before anything is painted: asking here would
    // make the browser lay everything out within React's task, and that task long.
    const observer = new ResizeObserver(() => flushSync(measure));
    observer.observe(element);
    return () => observer.disconnect();
  }, [door, spot]);
  return stand;
}
