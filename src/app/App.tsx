/** The whole page: the bar with the views, and the view that the address names. */
import { lazy, Suspense } from 'react';
import { CompareView } from './compare/CompareView.tsx';
import { DeviceView } from './device/DeviceView.tsx';
import { MemoryView } from './memory/MemoryView.tsx';
import { takeUpdate, useOffline, useOnline } from './offline.ts';
import { PlayView } from './play/PlayView.tsx';
import { ReplayView } from './replay/ReplayView.tsx';
import { formatRoute, type Route, type View } from './route.ts';
import { RunsView } from './runs/RunsView.tsx';
import { useRoute } from './use-route.ts';

const SHOWN: readonly (readonly [View, string])[] = [
  ['play', 'Play'],
  ['compare', 'Side by side'],
  ['memory', 'Memory'],
  ['runs', 'Runs'],
  ['replay', 'Replay'],
  ['benchmark', 'Benchmark'],
  ['models', 'Models'],
  ['device', 'Device'],
];

/** Few come for it, so its code is fetched when it is opened. */
const BenchmarkView = lazy(() => import('./benchmark/BenchmarkView.tsx'));

const ModelsView = lazy(() => import('./models/ModelsView.tsx'));

export function App() {
  const { view, params } = useRoute();
  return (
    <>
      <header className="bar">
        {/* The address names the view, so this link must not change it. */}
        <a
          className="skip"
          href={window.location.hash}
          onClick={(event) => {
            event.preventDefault();
            document.getElementById('main')?.focus();
          }}
        >
          To the content
        </a>
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
        <OfflineNote />
      </header>
      <UpdateNote />
      <main id="main" tabIndex={-1}>
        <Shown view={view} params={params} />
      </main>
    </>
  );
}

function Shown({ view, params }: Route) {
  switch (view) {
    case 'replay':
      return <ReplayView params={params} />;
    case 'compare':
      return <CompareView params={params} />;
    case 'memory':
      return <MemoryView params={params} />;
    case 'runs':
      return <RunsView params={params} />;
    case 'models':
      return (
        <Suspense fallback={<p className="quiet">Opening …</p>}>
          <ModelsView />
        </Suspense>
      );
    case 'benchmark':
      return (
        <Suspense fallback={<p className="quiet">Opening …</p>}>
          <BenchmarkView params={params} />
        </Suspense>
      );
    case 'device':
      return <DeviceView />;
    default:
      return <PlayView params={params} />;
  }
}

/** Says when the page needs no network any more. */
function OfflineNote() {
  const { ready, problem } = useOffline();
  const online = useOnline();
  const text = !online ? 'Offline' : ready ? 'Ready to work offline' : '';
  return (
    <p className="offline" role="status" title={problem}>
      {text !== '' && <span className="lamp" aria-hidden="true" />}
      {text}
    </p>
  );
}

function UpdateNote() {
  const { update } = useOffline();
  if (!update) return null;
  return (
    <p className="update" role="status">
      A newer version of this page is ready. It waits until you want it.{' '}
      <button type="button" onClick={takeUpdate}>
        Reload now
      </button>
    </p>
  );
}
