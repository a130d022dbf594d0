/** What is under way elsewhere in the page: each with the way there and a way to end it. */
import { useStore } from '../store.ts';
import { type Activity, activities, inSight, retire } from './activities.ts';

export function UnderWay() {
  const all = useStore(activities);
  const seen = useStore(inSight);
  const hidden = all.filter(({ id }) => !seen.has(id));
  if (hidden.length === 0) return null;
  return (
    <section className="under-way" aria-label="Under way">
      <ul>
        {byPlace(hidden).map((together) => (
          <Row key={together[0]?.href} together={together} />
        ))}
      </ul>
    </section>
  );
}

/** What is seen at one address is one row: two students side by side, for instance. */
function byPlace(shown: readonly Activity[]): Activity[][] {
  const places = new Map<string, Activity[]>();
  for (const one of shown) places.set(one.href, [...(places.get(one.href) ?? []), one]);
  return [...places.values()];
}

function Row({ together }: { together: readonly Activity[] }) {
  const [first] = together;
  if (first === undefined) return null;
  const { title, href } = first;
  const going = together.filter(({ state }) => state !== 'over');
  const running = going.some(({ state }) => state === 'running');
  const over = going.length === 0;
  // What ends by itself, and can't be ended by hand, has no button.
  const canEnd = over || going.some(({ stop }) => stop !== undefined);
  const end = (): void => {
    for (const { id, stop } of together) {
      if (stop === undefined) retire(id);
      else stop();
    }
  };
  return (
    <li className={running ? 'running' : over ? 'over' : 'waiting'}>
      <span className="lamp" aria-hidden="true" />
      <a href={href}>{title}</a>
      <span className="under-way-status" role={over ? 'status' : undefined}>
        {together.map(({ status }) => status).join('; ')}
      </span>
      {canEnd && (
        <button type="button" className="link" onClick={end}>
          {over ? 'Dismiss' : 'Stop'}
          <span className="hidden">: {title}</span>
        </button>
      )}
    </li>
  );
}
