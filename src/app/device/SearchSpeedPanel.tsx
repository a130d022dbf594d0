/** How long finding memories takes on this device, measured when asked. */
import { formatRefusal, type Result } from '../../base/result.ts';
import type { SearchSpeed as Speed } from '../../protocol/data.ts';
import { Task, useTask } from '../activities/task.ts';
import { Button } from '../parts/Button.tsx';
import { plural } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { data } from '../worker-client.ts';

const measuring = new Task<'measuring', Result<Speed>>({
  id: 'search speed',
  title: 'Finding memories',
  href: formatRoute('device'),
  told: () => 'measuring',
  over: (speed) => (speed.ok ? 'measured' : formatRefusal(speed.error)),
  stop: () => void data().stopMeasuring(),
});

export function SearchSpeedPanel() {
  const { progress, answer } = useTask(measuring);
  const measure = (): void => void measuring.start('measuring', () => data().measureSearch());
  return (
    <section className="panel" aria-label="Finding memories">
      <h2>Finding memories</h2>
      <p className="quiet">How long it takes to compare a task with every memory and choose the nearest.</p>
      <p className="row">
        <Button onClick={progress === undefined ? measure : measuring.about.stop}>
          {progress === undefined ? 'Measure' : 'Stop'}
        </Button>
        <span role="status">{progress === undefined ? answer && told(answer) : 'Measuring …'}</span>
      </p>
    </section>
  );
}

function told(speed: Result<Speed>): string {
  if (!speed.ok) return formatRefusal(speed.error);
  const { dimension, k, paper, here } = speed.value;
  const one = ({ entries, ms }: Speed['here']): string =>
    `${ms.toFixed(2)} ms among ${plural(entries, 'memory', 'memories')}`;
  return `The ${k} nearest are found in ${one(here)}, the ones here, and in ${one(paper)}, as many as the paper's bank has (vectors of ${dimension} numbers, mean of 200 searches).`;
}
