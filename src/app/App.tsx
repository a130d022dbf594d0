/** The whole page: the bar with the views, and the view that the address names. */
import { PlayView } from './play/PlayView.tsx';
import { formatRoute, type View } from './route.ts';
import { useRoute } from './use-route.ts';

const SHOWN: readonly (readonly [View, string])[] = [['play', 'Play']];

export function App() {
  const { view, params } = useRoute();
  return (
    <>
      <a className="skip" href="#main">
        To the content
      </a>
      <header className="bar">
        <a className="brand" href={formatRoute('play')}>
          DuoMem
        </a>
        <nav aria-label="Views">
          {SHOWN.map(([name, title]) => (
            <a key={name} href={formatRoute(name)} aria-current={view === name ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <PlayView params={params} />
      </main>
    </>
  );
}
