/**
 * The house as a picture: a plan of the room with its receptacles, drawn from what the agent has observed and nothing
 * else. A dashed place was never looked at, a hatched one is closed; what was seen in a place stands in it.
 */
import { useMemo, useRef } from 'react';
import type { Belief, Place } from '../../player/belief.ts';
import { typeOf } from '../../player/names.ts';
import { arrange, numberOf, type PlaceGroup, spoken } from './arrange.ts';
import { Glyph } from './Glyph.tsx';
import { useTrail } from './use-trail.ts';
import './house.css';

export interface HouseProps {
  readonly belief: Belief;
  readonly label?: string;
  /** Types of things that the task names: drawn so that they are found at a glance. */
  readonly wanted: ReadonlySet<string>;
  /** Places in the order of visits. */
  readonly visits: readonly string[];
  /** What the person may do, for a house that can be clicked. */
  readonly admissible?: readonly string[];
  readonly onAct?: (action: string) => void;
}

const LABEL = 'The house, as far as the agent has seen it';

export function House({ belief, label = LABEL, wanted, visits, admissible, onAct }: HouseProps) {
  const plan = useRef<HTMLDivElement>(null);
  const zones = useMemo(() => arrange(belief), [belief]);
  const trail = useTrail(plan, visits, belief);
  const can = new Set(admissible ?? []);
  const cell = (place: Place) => (
    <Cell key={place.name} place={place} belief={belief} wanted={wanted} can={can} onAct={onAct} />
  );
  return (
    <section className="house" aria-label={label}>
      <div className="plan" ref={plan}>
        <svg className="trail" aria-hidden="true" focusable="false">
          {trail.path !== '' && <path d={trail.path} />}
        </svg>
        {zones.map(({ zone, groups }) => (
          <div key={zone} className={`zone zone-${zone}`}>
            {groups.map((group) => (
              <Group key={group.type} group={group}>
                {group.places.map(cell)}
              </Group>
            ))}
          </div>
        ))}
        <span className="doorway" data-spot="door" aria-hidden="true" />
        <span
          className="agent"
          style={{ transform: `translate(${trail.at.x}px, ${trail.at.y}px)` }}
          aria-hidden="true"
        />
      </div>
      <p className="hand">
        <span className="label">Stands at</span> <b>{belief.here ?? 'the door'}</b>
        <span className="label">Holds</span>{' '}
        <b className={belief.holding === undefined ? 'nothing' : 'thing'}>
          {belief.holding ?? 'nothing'}
          {belief.holding !== undefined && <States belief={belief} object={belief.holding} />}
        </b>
      </p>
    </section>
  );
}

function Group({ group, children }: { group: PlaceGroup; children: React.ReactNode }) {
  return (
    <div className={`group${group.wide ? ' wide' : ''}`}>
      <h2 className="kind">
        <Glyph type={group.type} />
        {spoken(group.type)}
      </h2>
      <ul>{children}</ul>
    </div>
  );
}

interface CellProps {
  readonly place: Place;
  readonly belief: Belief;
  readonly wanted: ReadonlySet<string>;
  readonly can: ReadonlySet<string>;
  readonly onAct: ((action: string) => void) | undefined;
}

function Cell({ place, belief, wanted, can, onAct }: CellProps) {
  const { name, door, contents, seenAt } = place;
  const here = belief.here === name;
  const look = seenAt === undefined && door === 'unknown' ? 'unseen' : door;
  const state =
    seenAt === undefined ? (door === 'closed' ? 'closed' : 'not looked at yet') : door === 'none' ? '' : door;
  const [first] = [`go to ${name}`, `open ${name}`].filter((action) => can.has(action));
  const number = <span className="number">{numberOf(name)}</span>;
  return (
    <li
      className={`place ${look}${here ? ' here' : ''}${wanted.has(place.type) ? ' target' : ''}`}
      data-spot={name}
    >
      {onAct !== undefined && first !== undefined ? (
        <button type="button" className="go" onClick={() => onAct(first)} title={first}>
          <span className="hidden">{first}</span>
          {number}
        </button>
      ) : (
        <>
          <span className="hidden">{name}</span>
          {number}
        </>
      )}
      <span className="hidden">
        {state}
        {here ? ', the agent is here' : ''}
      </span>
      {contents.length > 0 && (
        <ul className="contents">
          {contents.map((object) => (
            <Thing
              key={object}
              object={object}
              belief={belief}
              wanted={wanted.has(typeOf(object))}
              take={can.has(`take ${object} from ${name}`) ? `take ${object} from ${name}` : undefined}
              onAct={onAct}
            />
          ))}
        </ul>
      )}
      {contents.length === 0 && seenAt !== undefined && door !== 'closed' && (
        <span className="empty">empty</span>
      )}
    </li>
  );
}

interface ThingProps {
  readonly object: string;
  readonly belief: Belief;
  readonly wanted: boolean;
  readonly take: string | undefined;
  readonly onAct: ((action: string) => void) | undefined;
}

function Thing({ object, belief, wanted, take, onAct }: ThingProps) {
  const text = (
    <>
      {object}
      <States belief={belief} object={object} />
      {belief.lit.has(object) && <span className="state"> lit</span>}
    </>
  );
  return (
    <li className={wanted ? 'thing wanted' : 'thing'}>
      {take !== undefined && onAct !== undefined ? (
        <button type="button" onClick={() => onAct(take)} title={take}>
          <span className="hidden">take </span>
          {text}
        </button>
      ) : (
        text
      )}
    </li>
  );
}

function States({ belief, object }: { belief: Belief; object: string }) {
  const states = [...belief.statesOf(object)];
  return states.length === 0 ? null : <span className="state"> {states.join(', ')}</span>;
}
