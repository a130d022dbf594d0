/** The picture of a thing. Decoration: its name stands beside it, at least for who hears the page. */
import { shapesOf } from './things.ts';

export function ThingPicture({ type }: { type: string }) {
  return (
    <svg className="picture" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shapesOf(type).map(({ colour, path }) => (
        <path key={path} className={colour === undefined ? 'line' : `fill-${colour}`} d={path} />
      ))}
    </svg>
  );
}
