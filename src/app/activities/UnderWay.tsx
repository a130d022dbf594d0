/** What is under way elsewhere in the page: each with the way there and a way to end it. */
import { LinkButton } from '../parts/Button.tsx';
import { useStore } from '../store.ts';
import { activities, inSight, retire } from './activities.ts';
import { rowsOf, type UnderWayRow } from './rows.ts';

export function UnderWay() {
  const all = useStore(activities);
  const seen = useStore(inSight);
  const hidden = all.filter(({ id }) => !seen.has(id));
  if (hidden.length === 0) return null;
  return (
    <section className="under-way" aria-label="Under way">
      <ul>
        {rowsOf(hidden).map((row) => (
          <Row key={row.href} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Row({ row: { title, href, status, state, all } }: { row: UnderWayRow }) {
  const over = state === 'over';
  // What ends by itself, and can't be ended by hand, has no button.
  const canEnd = over || all.some(({ state, stop }) => state !== 'over' && stop !== undefined);
  const end = (): void => {
    for (const { id, stop } of all) {
      if (stop === undefined) retire(id);
      else stop();
    }
  };
  return (
    <li className={state}>
      <span className="lamp" aria-hidden="true" />
      <a href={href}>{title}</a>
      <span className="under-way-status" role={over ? 'status' : undefined}>
        {status}
      </span>
      {canEnd && (
        <LinkButton onClick={end}>
          {over ? 'Dismiss' : 'Stop'}
          <span className="hidden">: {title}</span>
        </LinkButton>
      )}
    </li>
  );
}
