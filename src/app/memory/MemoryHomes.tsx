/** The homes that are remembered. */
import type { RememberedHome } from '../../protocol/data.ts';
import { plural } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { homeName } from './sources.ts';

const SHOWN = 12;

/**
 * Memories are filed by room; here a home's rooms stand together.
 * @param homes undefined until they are read
 */
export function MemoryHomes({ homes }: { homes: readonly RememberedHome[] | undefined }) {
  const byHome = new Map<string, { memories: number; rooms: string[] }>();
  for (const { home, memories } of homes ?? []) {
    const name = homeName(home);
    const known = byHome.get(name) ?? { memories: 0, rooms: [] };
    const room = /_([a-z]+)$/.exec(home)?.[1]?.replace('livingroom', 'living room');
    byHome.set(name, {
      memories: known.memories + memories,
      rooms: room === undefined ? known.rooms : [...known.rooms, `${room}\u00a0${memories}`],
    });
  }
  const sorted = [...byHome].sort(([, a], [, b]) => b.memories - a.memories);
  return (
    <section className="memory-homes" aria-label="Remembered homes">
      <h2>Homes</h2>
      {homes?.length === 0 && (
        <p className="quiet">
          No home is remembered yet. Play with memory, and the teacher's past in the home is remembered;{' '}
          <a href={formatRoute('teach')}>teach it</a> something, and that is too.
        </p>
      )}
      <ul>
        {sorted.slice(0, SHOWN).map(([name, { memories, rooms }]) => {
          const number = /^home (\d+)$/.exec(name)?.[1];
          return (
            <li key={name}>
              {number === undefined ? (
                <b>{name}</b>
              ) : (
                <a href={formatRoute('play', { home: number, task: '0' })}>
                  <b>{name.replace('h', 'H')}</b>
                </a>
              )}{' '}
              {plural(memories, 'memory', 'memories')}{' '}
              {rooms.length > 0 && <span className="quiet">{rooms.join(', ')}</span>}
            </li>
          );
        })}
      </ul>
      {sorted.length > SHOWN && <p className="quiet">and {plural(sorted.length - SHOWN, 'other home')}.</p>}
    </section>
  );
}
