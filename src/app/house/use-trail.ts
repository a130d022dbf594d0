/** Where on the screen the agent stands and which way it came: measured, since the plan is laid out by CSS. */
import { type RefObject, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

export interface Trail {
  readonly at: { readonly x: number; readonly y: number };
  /** SVG path in the plan's pixels. */
  readonly path: string;
}

/** So many moves back are drawn. */
const MOVES = 5;
const NOWHERE: Trail = { at: { x: 0, y: 0 }, path: '' };

/** @param changes anything whose change moves things about. */
export function useTrail(
  plan: RefObject<HTMLElement | null>,
  visits: readonly string[],
  changes: unknown,
): Trail {
  const [trail, setTrail] = useState(NOWHERE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: contents that are seen move the cells
  useLayoutEffect(() => {
    const element = plan.current;
    if (element === null) return;
    const measure = (): void => {
      const frame = element.getBoundingClientRect();
      const points = ['door', ...visits].slice(-MOVES).flatMap((name) => {
        const spot = element.querySelector(`[data-spot="${CSS.escape(name)}"]`)?.getBoundingClientRect();
        if (spot === undefined) return [];
        // In a corner of a place, where no name stands; at the door, one step inside.
        const inside = name === 'door' ? -14 : 9;
        return [
          {
            x: Math.round(spot.left - frame.left + spot.width - (name === 'door' ? 22 : 9)),
            y: Math.round(spot.top - frame.top + inside),
          },
        ];
      });
      const path = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join('');
      setTrail({ at: points.at(-1) ?? NOWHERE.at, path: points.length < 2 ? '' : path });
    };
    // It is told once at the start too, after the browser's own layout and before anything is painted: asking here would
    // make the browser lay everything out within React's task, and that task long.
    const observer = new ResizeObserver(() => flushSync(measure));
    observer.observe(element);
    return () => observer.disconnect();
  }, [plan, visits, changes]);
  return trail;
}
