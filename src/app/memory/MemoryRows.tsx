/** The memories, a row a task: what the first of them says, how many there are, and what became of them. */
import type { MemoryGroup, MemoryHit, MemoryUse } from '../../protocol/data.ts';
import { plural, sentence } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { roomName } from './sources.ts';

interface MemoryRowsProps {
  readonly groups: readonly MemoryGroup[];
  readonly query: string;
  /** The memory that is read. */
  readonly id: string | null;
}

export function MemoryRows({ groups, query, id }: MemoryRowsProps) {
  return (
    <ol className="memory-list" aria-label="Memories">
      {groups.map((group) => (
        <Group key={group.hits[0].id} group={group} query={query} id={id} />
      ))}
    </ol>
  );
}

function Group({ group, query, id }: { group: MemoryGroup; query: string; id: string | null }) {
  const { task, similarity, says, hits } = group;
  const current = hits.some((hit) => hit.id === id);
  return (
    <li className={current ? 'current' : ''}>
      <a href={address(query, hits[0].id)} aria-current={hits.length === 1 && current ? 'true' : undefined}>
        {similarity !== undefined && (
          <span className="similarity">
            <span className="hidden">similarity </span>
            {similarity.toFixed(2)}
          </span>
        )}
        <span className="memory-name">{sentence(task)}</span>
        {hits.length > 1 && (
          <span className="memory-count">
            ×{'\u00a0'}
            {hits.length}
            <span className="hidden"> memories</span>
          </span>
        )}
      </a>
      <span className="memory-says">{says}</span>
      <span className="memory-facts">
        <Facts hits={hits} />
      </span>
      {current && hits.length > 1 && (
        <ol className="memory-same" aria-label={`Memories of ${task}`}>
          {hits.map((hit, i) => (
            <li key={hit.id}>
              <a href={address(query, hit.id)} aria-current={hit.id === id ? 'true' : undefined}>
                {i + 1}
                <span className="hidden">{` of ${hits.length}: ${sentence(task)}`}</span>
              </a>{' '}
              <span className="memory-facts">
                <Facts hits={[hit]} />{' '}
                {hit.duplicate && <span className="mark twice">says the same as one above</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

/** What is to be known of some memories together. */
function Facts({ hits }: { hits: readonly MemoryHit[] }) {
  const all = (fact: (hit: MemoryHit) => string): string => [...new Set(hits.map(fact))].join(', ');
  const homes = new Set(hits.map(({ home }) => home));
  const where =
    homes.size > 2
      ? `${homes.size} homes`
      : [...homes].map((home) => (home === undefined ? 'any home' : roomName(home))).join(', ');
  const steps = hits.map((hit) => hit.steps);
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  const retrievals = hits.reduce((sum, hit) => sum + hit.retrievals, 0);
  const used = usedInWords(hits.flatMap(({ use }) => use ?? []));
  return (
    <>
      {where}, {all(({ maker }) => maker)},{' '}
      {least === most ? plural(most, 'step') : `${least} to ${plural(most, 'step')}`}
      {retrievals > 0 && `, shown to a student ${times(retrievals)}`}
      {used !== '' && `, ${used}`}
      {hits.some(({ own }) => own) && ', kept on this device'}{' '}
      {retrievals === 0 && <span className="mark never">not used yet</span>}
    </>
  );
}

/** `helped 7 times, misled once`; empty where nothing is known. */
export function usedInWords(uses: readonly MemoryUse[]): string {
  const sum = (of: (use: MemoryUse) => number): number => uses.reduce((all, use) => all + of(use), 0);
  const [helped, misled] = [sum((use) => use.helped), sum((use) => use.misled)];
  return [
    ...(helped > 0 ? [`helped ${times(helped)}`] : []),
    ...(misled > 0 ? [`misled ${times(misled)}`] : []),
  ].join(', ');
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : plural(count, 'time');
}

function address(query: string, id: string): string {
  return formatRoute('memory', { ...(query === '' ? {} : { q: query }), id });
}
