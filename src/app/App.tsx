/** The whole page: the bar with the views, and the view that the address names. */
import { type ComponentType, lazy, Suspense, useEffect, useRef } from 'react';
import { UnderWay } from './activities/UnderWay.tsx';
import { UndoBar } from './activities/UndoBar.tsx';
import { Broken } from './Broken.tsx';
import './install.ts';
import { RaceView } from './compare/RaceView.tsx';
import { LEFT } from './compare/start.ts';
import { KeepingNote } from './KeepingNote.tsx';
import { takeUpdate, useOffline, useOnline } from './offline.ts';
import { Button } from './parts/Button.tsx';
import { useTitle } from './parts/use-title.ts';
import { formatRoute, misread, type Route, type ViewName } from './route.ts';
import { keepSetting } from './settings.ts';
import { useRoute } from './use-route.ts';

const SHOWN: readonly (readonly [ViewName, string])[] = [
  ['race', 'Watch'],
  ['teach', 'Teach'],
  ['play', 'Play'],
  ['compare', 'Side by side'],
  ['memory', 'Memory'],
  ['runs', 'Runs'],
  ['replay', 'Replay'],
  ['benchmark', 'Benchmark'],
  ['models', 'Models'],
  ['device', 'Device'],
  ['about', 'About'],
];

/** The first view is here at once; the code of the others is fetched when they are opened. */
const VIEWS: Readonly<Record<ViewName, ComponentType<Pick<Route, 'params'>>>> = {
  race: RaceView,
  teach: lazy(async () => ({ default: (await import('./teach/TeachView.tsx')).TeachView })),
  play: lazy(async () => ({ default: (await import('./play/PlayView.tsx')).PlayView })),
  compare: lazy(async () => ({ default: (await import('./compare/CompareView.tsx')).CompareView })),
  memory: lazy(async () => ({ default: (await import('./memory/MemoryView.tsx')).MemoryView })),
  runs: lazy(async () => ({ default: (await import('./runs/RunsView.tsx')).RunsView })),
  replay: lazy(async () => ({ default: (await import('./replay/ReplayView.tsx')).ReplayView })),
  benchmark: lazy(() => import('./benchmark/BenchmarkView.tsx')),
  models: lazy(() => import('./models/ModelsView.tsx')),
  device: lazy(async () => ({ default: (await import('./device/DeviceView.tsx')).DeviceView })),
  about: lazy(async () => ({ default: (await import('./about/AboutView.tsx')).AboutView })),
};

/** Views that a later visit finds as they were left. */
const PLACES_TO_BE: readonly ViewName[] = ['race', 'teach', 'play', 'compare'];

export function App() {
  const { view, params } = useRoute();
  const wrong = misread(window.location.hash);
  useTitle(SHOWN.find(([name]) => name === view)?.[1]);
  const views = useRef<HTMLElement>(null);
  /** The addresses that each view was last left at: its link leads back there. A replay isn't gone on with. */
  const left = useRef(new Map<ViewName, string>());
  useEffect(() => {
    const address = formatRoute(view, params);
    if (view !== 'replay') left.current.set(view, address);
    if (PLACES_TO_BE.includes(view)) keepSetting(LEFT, address);
  }, [view, params]);
  // On a phone the views stand in one line that is longer than the screen: the current one is pushed into sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view is another link
  useEffect(() => {
    const line = views.current;
    if (line === null) return;
    // When the browser lays the frame out anyway, not within React's task.
    const frame = requestAnimationFrame(() => {
      const link = line.querySelector<HTMLElement>('[aria-current]');
      if (link === null) return;
      line.scrollLeft = link.offsetLeft - line.offsetLeft - (line.clientWidth - link.offsetWidth) / 2;
    });
    return () => cancelAnimationFrame(frame);
  }, [view]);
  const Shown = VIEWS[view];
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
        <a
          className="skip"
          href={window.location.hash}
          onClick={(event) => {
            event.preventDefault();
            document.querySelector<HTMLElement>('#main :is(button, a).primary')?.focus();
          }}
        >
          To the main button
        </a>
        <a className="brand" href={formatRoute('race')}>
          DuoMem
        </a>
        <nav aria-label="Views" ref={views}>
          {SHOWN.map(([name, title]) => (
            <a
              key={name}
              href={(name === view ? undefined : left.current.get(name)) ?? formatRoute(name)}
              aria-current={view === name ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        <OfflineNote />
        <UnderWay />
      </header>
      <UpdateNote />
      <KeepingNote />
      <main id="main" tabIndex={-1}>
        {wrong !== undefined && (
          <p className="notice misread" role="status">
            {wrong}
          </p>
        )}
        <Broken key={view}>
          <Suspense fallback={<p className="quiet">Opening …</p>}>
            <Shown params={params} />
          </Suspense>
        </Broken>
      </main>
      <UndoBar />
    </>
  );
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
  if (update === undefined) return null;
  if (update === 'coming') {
    return (
      <p className="update" role="status">
        Switching to the newer version …
      </p>
    );
  }
  return (
    <p className="update" role="status">
      {update === 'waiting'
        ? 'A newer version of this page is ready. It waits until you want it.'
        : 'A newer version of this page was started in another tab. This tab goes on with the older one until you reload it.'}{' '}
      <Button onClick={takeUpdate}>Reload now</Button>
    </p>
  );
}
