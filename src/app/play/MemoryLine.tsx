/** A line from the memory that names a place to the place, while the agent goes there. Decoration: the card says it too. */
import { type RefObject, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Naming } from '../parts/named-by.ts';

interface MemoryLineProps {
  /** What holds both the house and the memories. */
  readonly stage: RefObject<HTMLElement | null>;
  readonly naming: Naming | undefined;
}

export function MemoryLine({ stage, naming }: MemoryLineProps) {
  const [path, setPath] = useState('');
  const place = naming?.place;
  useEffect(() => {
    const element = stage.current;
    if (element === null || place === undefined) {
      setPath('');
      return;
    }
    const observer = new ResizeObserver(() => flushSync(() => setPath(pathIn(element, place))));
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage, place]);
  return (
    <svg className="memory-line" aria-hidden="true" focusable="false">
      {path !== '' && <path d={path} />}
    </svg>
  );
}

/** From the first card that is lit to the place, in the stage's pixels. */
function pathIn(stage: HTMLElement, place: string): string {
  const frame = stage.getBoundingClientRect();
  const card = stage.querySelector('.memory.lit')?.getBoundingClientRect();
  const spot = stage.querySelector(`[data-spot="${CSS.escape(place)}"]`)?.getBoundingClientRect();
  if (card === undefined || spot === undefined) return '';
  const [x1, y1] = [card.left - frame.left + 10, card.top - frame.top];
  const [x2, y2] = [spot.left - frame.left + spot.width / 2, spot.bottom - frame.top];
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`;
}
