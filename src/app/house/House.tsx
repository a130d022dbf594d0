/**
 * The house as a picture: the room with its furniture in fixed places, drawn from what the agent has observed and
 * nothing else. What was never looked at is dashed and has a question mark, a door hides what is behind it, and what
 * was seen lies where it was seen. For a person it can be clicked: a place or a thing offers what can be done with it.
 */
import { memo, useMemo, useState } from 'react';
import type { Belief } from '../../player/belief.ts';
import { useMedia } from '../parts/use-media.ts';
import { arrange, type PlaceGroup, spoken } from './arrange.ts';
import { Choices } from './Choices.tsx';
import { commandsAbout } from './commands-about.ts';
import { Glyph } from './Glyph.tsx';
import { PlaceCell, placeTitle, type Seen, States } from './PlaceCell.tsx';
import { ThingPicture } from './ThingPicture.tsx';
import { Walker } from './Walker.tsx';
import './house.css';
import './house-small.css';
import { typeOf } from '../../player/names.ts';
import { LinkButton } from '../parts/Button.tsx';

interface HouseProps {
  readonly belief: Belief;
  readonly label?: string;
  /** Types of things that the task names: drawn so that they are found at a glance. */
  readonly wanted: ReadonlySet<string>;
  /** What the person may do, for a house that can be clicked. */
  readonly admissible?: readonly string[];
  readonly onAct?: (action: string) => void;
}

const LABEL = 'The house, as far as the agent has seen it';

/** Drawn anew only where something was seen. */
export const House = memo(function House({ belief, label = LABEL, wanted, admissible, onAct }: HouseProps) {
  const zones = useMemo(() => arrange(belief), [belief]);
  const small = useMedia('(max-width: 640px), (max-width: 900px) and (max-height: 600px)');
  /** What a person asks about. */
  const [asked, setAsked] = useState<string>();
  /** The place whose name was asked for: where no names stand and nothing has a tooltip. */
  const [touched, setTouched] = useState<string>();
  const told = touched === undefined ? undefined : belief.place(touched);
  const act = (action: string): void => {
    setAsked(undefined);
    onAct?.(action);
  };
  const seen: Seen = {
    belief,
    wanted,
    small,
    commandsOf: (name) => commandsAbout(name, admissible ?? []),
    onChoose:
      onAct === undefined
        ? undefined
        : (name, commands) => {
            const [only] = commands;
            if (commands.length === 1 && only !== undefined) act(only);
            else setAsked(name);
          },
  };
  const { holding } = belief;
  return (
    <section className="house" aria-label={label}>
      {/* Whoever doesn't touch is told the names anyway. */}
      <div
        className="plan"
        {...(small && {
          onClick: ({ target }) =>
            setTouched((target as Element).closest<HTMLElement>('[data-spot]')?.dataset.spot),
        })}
      >
        {zones.map(({ zone, groups }) => (
          <div key={zone} className={`zone zone-${zone}`}>
            {groups.map((group) => (
              <Group key={group.type} group={group} seen={seen} />
            ))}
          </div>
        ))}
        <Walker spot={belief.here} holding={holding} />
        {told !== undefined && (
          <p className="told" aria-hidden="true">
            {placeTitle(told)}
          </p>
        )}
      </div>
      <p className="hand">
        <span className="label">Stands at</span> <b>{belief.here ?? 'the door'}</b>
        <span className="label">Holds</span>{' '}
        {holding === undefined ? (
          <b className="nothing">nothing</b>
        ) : (
          <b className="thing">
            <ThingPicture type={typeOf(holding)} />
            {holding}
            <States belief={belief} object={holding} />
          </b>
        )}
        {holding !== undefined && onAct !== undefined && (
          <LinkButton onClick={() => setAsked(holding)}>What can be done with it?</LinkButton>
        )}
      </p>
      {onAct !== undefined && (
        <Choices
          about={asked}
          commands={asked === undefined ? [] : seen.commandsOf(asked)}
          onAct={act}
          onClose={() => setAsked(undefined)}
        />
      )}
    </section>
  );
});

function Group({ group, seen }: { group: PlaceGroup; seen: Seen }) {
  return (
    <div className={`group${group.wide ? ' wide' : ''}`}>
      <h2 className="kind">
        <Glyph type={group.type} />
        <span>{spoken(group.type)}</span>
      </h2>
      <ul>
        {group.places.map((place) => (
          <PlaceCell key={place.name} place={place} wide={group.wide} seen={seen} />
        ))}
      </ul>
    </div>
  );
}
