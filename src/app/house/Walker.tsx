/** The agent: a small figure that walks from the door, with what it holds above its head. */
import { useRef } from 'react';
import { typeOf } from '../../player/names.ts';
import { ThingPicture } from './ThingPicture.tsx';
import { useStand } from './use-stand.ts';

/** SVG paths in a box of 24 by 30, back to front, by the name of what they are drawn with. */
export const FIGURE = {
  limb: 'M9 22v6H6M15 22v6h3M5 15l-3 4M19 15l3 4',
  body: 'M12 1a6 6 0 0 1 6 6v2H6V7a6 6 0 0 1 6-6zM5 11h14v8c0 2-2 4-4 4H9c-2 0-4-2-4-4z',
  eye: 'M9.500 6h.01M14.500 6h.01',
} as const;

interface WalkerProps {
  /** The place of the plan where it stands; undefined is the door. */
  readonly spot: string | undefined;
  readonly holding: string | undefined;
}

/** Where it stands is measured in the finished picture, so it is drawn a second time: it alone. */
export function Walker({ spot, holding }: WalkerProps) {
  const door = useRef<HTMLSpanElement>(null);
  const stand = useStand(door, spot);
  return (
    <>
      <span className="doorway" data-spot="door" aria-hidden="true" ref={door} />
      {stand !== undefined && (
        <span
          className="agent"
          style={{ transform: `translate(${stand.x}px, ${stand.y}px)` }}
          aria-hidden="true"
        >
          {holding !== undefined && (
            <span className="held">
              <ThingPicture type={typeOf(holding)} />
            </span>
          )}
          <svg viewBox="0 0 24 30" width="24" height="30" focusable="false" aria-hidden="true">
            {Object.entries(FIGURE).map(([part, path]) => (
              <path key={part} className={part} d={path} />
            ))}
          </svg>
        </span>
      )}
    </>
  );
}
