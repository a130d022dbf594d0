/** Where the page starts: puts the app into index.html. */
import '@fontsource/barlow/latin-400.css';
import '@fontsource/barlow/latin-400-italic.css';
import '@fontsource/barlow/latin-600.css';
import '@fontsource/barlow-semi-condensed/latin-400.css';
import '@fontsource/barlow-semi-condensed/latin-500.css';
import './styles/base.css';
import './styles/activities.css';
import './styles/play.css';
import './styles/replay.css';
import './styles/memory.css';
import './styles/compare.css';
import './styles/lists.css';
import './styles/teach.css';
import './styles/zoom.css';
import { StrictMode } from 'react';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
// Fetched at once, but each evaluated in a task of its own: together they would keep a slow device from answering.
const [{ createRoot }, { App }, { startOffline }, { openWhereLeft, untilRaced }] = await Promise.all([
  import('react-dom/client'),
  import('./App.tsx'),
  import('./offline.ts'),
  import('./compare/start.ts'),
]);
openWhereLeft();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
startOffline(untilRaced());
