/** One memory: its script, and the trajectory that it was drawn from, drawn as the house that it shows. */
import { useMemo, useState } from 'react';
import type { MemoryEntry } from '../../memory/entry.ts';
import type { MemoryUse } from '../../protocol/data.ts';
import { House } from '../house/House.tsx';
import { useBelief } from '../house/use-belief.ts';
import { Button } from '../parts/Button.tsx';
import { wantedIn } from '../parts/wanted.ts';
import { sentence } from '../parts/words.ts';
import { MemoryUsed } from './MemoryUsed.tsx';
import { makerName, sourceIn } from './sources.ts';

interface MemoryPageProps {
  readonly entry: MemoryEntry;
  /** In the episodes that are kept here. */
  readonly use: MemoryUse | undefined;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

export function MemoryPage({ entry, use, onEdit, onRemove }: MemoryPageProps) {
  const { task, script, trajectory, provenance } = entry;
  const source = sourceIn(provenance);
  const [at, setAt] = useState(trajectory.steps.length);
  const steps = useMemo(() => trajectory.steps.slice(0, at), [trajectory, at]);
  const belief = useBelief(trajectory.intro, steps);
  const wanted = useMemo(() => wantedIn(task), [task]);
  return (
    <article className="memory-page">
      <h2>{sentence(task)}</h2>
      <p className="guidelines">{script.guidelines}</p>
      <p className="quiet">
        Written by {makerName(provenance)}
        {source !== undefined && ' after '}
        {source?.href === undefined ? source?.said : <a href={source.href}>{source.said}</a>}.
      </p>
      <p className="row">
        <Button onClick={onEdit}>Change</Button>
        <Button onClick={onRemove}>Delete</Button>
      </p>
      <MemoryUsed use={use} ofHome={entry.home !== undefined} />
      {trajectory.steps.length > 0 && (
        <>
          <h2>Its trajectory</h2>
          <p className="row">
            <input
              type="range"
              className="timeline"
              min={0}
              max={trajectory.steps.length}
              value={at}
              aria-label="Step of the trajectory"
              onChange={(event) => setAt(event.target.valueAsNumber)}
            />
          </p>
          <House belief={belief} wanted={wanted} label="The house in this memory" />
          <ol className="trajectory">
            {trajectory.steps.map(({ thought, action, observation }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a trajectory never changes
              <li key={i} className={i + 1 === at ? 'current' : ''}>
                {thought !== '' && <p className="thought">{thought}</p>}
                <p className="action">{action}</p>
                <p className="observation">{observation}</p>
              </li>
            ))}
          </ol>
        </>
      )}
    </article>
  );
}
