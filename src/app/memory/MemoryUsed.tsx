/** Where a memory was used, and whether it was right: counted from the runs and episodes that are kept on this device. */
import type { MemoryUse } from '../../protocol/data.ts';
import { LinkButton } from '../parts/Button.tsx';
import { plural, sentence } from '../parts/words.ts';
import { packTrace } from '../replay/share.ts';
import { go } from '../use-route.ts';
import { data } from '../worker-client.ts';
import { usedInWords } from './MemoryRows.tsx';

export function MemoryUsed({ use, ofHome }: { use: MemoryUse | undefined; ofHome: boolean }) {
  return (
    <section className="memory-used" aria-label="Where it was used">
      <h2>Where it was used</h2>
      {use === undefined ? (
        <p className="quiet">In none of the runs and episodes that are kept on this device.</p>
      ) : (
        <>
          <p>
            In the prompt of {plural(use.episodes, 'episode')} kept on this device
            {usedInWords([use]) === '' ? '' : `: ${usedInWords([use])}`}.
          </p>
          <ol>
            {use.named.map(({ place, task, won, verdict }) => (
              <li key={JSON.stringify(place)}>
                <LinkButton onClick={() => void open(place)}>{sentence(task)}</LinkButton>{' '}
                <span className="quiet">
                  {won ? 'solved' : 'not solved'}
                  {verdict !== undefined && `, ${verdict}`}
                </span>
              </li>
            ))}
          </ol>
          {use.named.length < use.episodes && (
            <p className="quiet">and {plural(use.episodes - use.named.length, 'other')}.</p>
          )}
        </>
      )}
      <p className="quiet">
        {ofHome
          ? "Helped: the player looked where this memory had seen what its task asks for, and found it there. Misled: it wasn't there. Places where it never looked don't count. Whether a step came from this memory is measured by Why, in a replay."
          : "It doesn't name a place in a home, so whether it helped isn't counted; Why measures it, in a replay."}
      </p>
    </section>
  );
}

async function open(place: MemoryUse['named'][number]['place']): Promise<void> {
  if ('episode' in place) {
    go('replay', { id: place.episode });
    return;
  }
  const trace = await data().runTrace(place.run, place.game);
  if (trace.ok) go('replay', { t: await packTrace(trace.value) });
}
