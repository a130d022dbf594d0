/** How long finding memories takes on this device, measured when asked. */
import { useState } from 'react';
import { formatRefusal, type Result } from '../../base/result.ts';
import type { SearchSpeed as Speed } from '../../protocol/data.ts';
import { plural } from '../parts/words.ts';
import { data } from '../worker-client.ts';

export function SearchSpeed() {
  const [speed, setSpeed] = useState<Result<Speed> | 'measuring'>();
  const measure = async (): Promise<void> => {
    setSpeed('measuring');
    setSpeed(await data().measureSearch());
  };
  return (
    <section className="panel" aria-label="Finding memories">
      <h2>Finding memories</h2>
      <p className="quiet">How long it takes to compare a task with every memory and choose the nearest.</p>
      <p className="row">
        <button type="button" disabled={speed === 'measuring'} onClick={() => void measure()}>
          Measure
        </button>
        <span role="status">{speed === 'measuring' ? 'Measuring …' : speed && told(speed)}</span>
      </p>
    </section>
  );
}

function told(speed: Result<Speed>): string {
  if (!speed.ok) return formatRefusal(speed.error);
  const { dimension, k, paper, here } = speed.value;
  const one = ({ entries, ms }: Speed['here']): string =>
    `${ms.toFixed(2)} ms among ${plural(entries, 'memory', 'memories')}`;
  return `The ${k} nearest are found in ${one(here)}, the ones here, and in ${one(paper)}, as many as the paper’s bank has (vectors of ${dimension} numbers, mean of 200 searches).`;
}
