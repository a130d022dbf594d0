/** Device: what is loaded, from where and how large, what is kept here, and how to be rid of it. */
import { useState } from 'react';
import type { Refusal } from '../../base/result.ts';
import type { StorageReport } from '../../protocol/data.ts';
import { dataVersion } from '../data-changes.ts';
import { useOffline } from '../offline.ts';
import { useTaken } from '../parts/use-answer.ts';
import { useStore } from '../store.ts';
import { data } from '../worker-client.ts';
import { Everything } from './Everything.tsx';
import { GamesPanel } from './GamesPanel.tsx';
import { ModelsPanel } from './ModelsPanel.tsx';
import { SearchSpeedPanel } from './SearchSpeedPanel.tsx';
import { StoragePanel } from './StoragePanel.tsx';

export function DeviceView() {
  const [report, setReport] = useState<StorageReport>();
  const [problem, setProblem] = useState<Refusal>();
  const { ready, problem: offline } = useOffline();
  const version = useStore(dataVersion);
  useTaken(
    [version],
    () => data().storage(),
    (found) => {
      if (found.ok) setReport(found.value);
      setProblem(found.ok ? undefined : found.error);
    },
  );
  return (
    <div className="device">
      <h1>Device</h1>
      <p>
        {ready
          ? 'Everything that this page needs is kept on this device: it works offline.'
          : (offline ?? 'The page is being kept for offline use.')}
      </p>
      <div className="device-panels">
        <StoragePanel report={report} unread={problem} />
        <ModelsPanel />
        <GamesPanel report={report} />
        <Everything />
        <SearchSpeedPanel />
      </div>
      <p className="quiet">
        <a href="./third-party-notices.txt">Third-party notices</a>: whose work this page contains, under
        which licences.
      </p>
    </div>
  );
}
