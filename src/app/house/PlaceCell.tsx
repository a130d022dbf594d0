/** One piece of furniture of the picture, with what is known of it. Its size never depends on what lies there. */
import type { Belief, KnownPlace } from '../../player/belief.ts';
import { typeOf } from '../../player/names.ts';
import { numberOf } from './arrange.ts';
import { Glyph } from './Glyph.tsx';
import { ThingPicture } from './ThingPicture.tsx';

/** What every place of a house is drawn with. */
export interface Seen {
  readonly belief: Belief;
  readonly wanted: ReadonlySet<string>;
  /** On a phone less room is there for pictures. */
  readonly small: boolean;
  /** What can be done with a thing or a place now. */
  readonly commandsOf: (name: string) => readonly string[];
  /** Undefined where nobody plays by hand. */
  readonly onChoose: ((name: string, commands: readonly string[]) => void) | undefined;
}

export function PlaceCell({ place, wide, seen }: { place: KnownPlace; wide: boolean; seen: Seen }) {
  const { name, door, contents, seenAt } = place;
  const { belief, wanted, small, commandsOf } = seen;
  const here = belief.here === name;
  const look = seenAt === undefined && door === 'unknown' ? 'unseen' : door;
  const state =
    seenAt === undefined ? (door === 'closed' ? 'closed' : 'not looked at yet') : door === 'none' ? '' : door;
  const room = small ? (wide ? 3 : 1) : wide ? 10 : 4;
  const isWanted = (object: string): boolean => wanted.has(typeOf(object));
  // What the task is about is never among those that have no room.
  const sorted = [...contents].sort((a, b) => Number(isWanted(b)) - Number(isWanted(a)));
  const shown = sorted.slice(0, room);
  const more = sorted.slice(shown.length);
  const can = commandsOf(name);
  const number = (
    <span className="number" aria-hidden="true">
      {numberOf(name)}
    </span>
  );
  return (
    <li
      className={`place ${look}${here ? ' here' : ''}${wanted.has(place.type) ? ' target' : ''}`}
      data-spot={name}
      title={placeTitle(place)}
    >
      <Choosable name={name} can={can} seen={seen} className="go">
        {number}
      </Choosable>
      <span className="hidden">
        {state}
        {here ? ', the agent is here' : ''}
      </span>
      {look === 'unseen' && (
        <span className="mystery" aria-hidden="true">
          ?
        </span>
      )}
      {/* No name stands above it there. */}
      {small && contents.length === 0 && door !== 'closed' && <Glyph type={place.type} />}
      {contents.length > 0 && (
        <ul className="contents">
          {shown.map((object) => (
            <li key={object} className={isWanted(object) ? 'thing wanted' : 'thing'} title={object}>
              <Choosable name={object} can={commandsOf(object)} seen={seen} className="pick">
                <ThingPicture type={typeOf(object)} />
              </Choosable>
              <span className="hidden">
                <States belief={belief} object={object} />
              </span>
              <Marks belief={belief} object={object} />
            </li>
          ))}
        </ul>
      )}
      {more.length > 0 && (
        <span className="more" title={more.join(', ')}>
          <span aria-hidden="true">+{more.length}</span>
          <span className="hidden">{more.join(', ')}</span>
        </span>
      )}
      {contents.length === 0 && seenAt !== undefined && door !== 'closed' && (
        <span className="empty">
          <span className="hidden">empty</span>
        </span>
      )}
      {(door === 'closed' || door === 'open') && <span className="leaf" aria-hidden="true" />}
    </li>
  );
}

/** `cabinet 3: apple 1, mug 2`, as far as it's known. */
export function placeTitle({ name, contents }: KnownPlace): string {
  return contents.length === 0 ? name : `${name}: ${contents.join(', ')}`;
}

interface ChoosableProps {
  readonly name: string;
  readonly can: readonly string[];
  readonly seen: Seen;
  readonly className: string;
  readonly children: React.ReactNode;
}

/** A thing or a place, as a button where something can be done with it. */
function Choosable({ name, can, seen: { onChoose }, className, children }: ChoosableProps) {
  if (onChoose === undefined || can.length === 0) {
    return (
      <>
        <span className="hidden">{name}</span>
        {children}
      </>
    );
  }
  const label = can.length === 1 ? can[0] : `${name}: what can be done here`;
  return (
    <button type="button" className={className} title={label} onClick={() => onChoose(name, can)}>
      <span className="hidden">{label}</span>
      {children}
    </button>
  );
}

/** What has become of it, as a dot of a colour. */
function Marks({ belief, object }: { belief: Belief; object: string }) {
  const states = [...belief.statesOf(object), ...(belief.lit.has(object) ? ['lit'] : [])];
  return states.map((state) => <span key={state} className={`mark-${state}`} aria-hidden="true" />);
}

export function States({ belief, object }: { belief: Belief; object: string }) {
  const states = [...belief.statesOf(object), ...(belief.lit.has(object) ? ['lit'] : [])];
  return states.length === 0 ? null : <span className="state"> {states.join(', ')}</span>;
}
