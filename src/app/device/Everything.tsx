/** Everything that is the user's as one file: out of here, and in again, on this device or another. */
import { useState } from 'react';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import type { ArchiveReport } from '../../protocol/data.ts';
import { plural } from '../parts/words.ts';
import { saveFile } from '../replay/Share.tsx';
import { agent, data } from '../worker-client.ts';

export function Everything({ onChange }: { onChange: () => Promise<void> }) {
  /** What is being done, with the games so far. */
  const [busy, setBusy] = useState<{ readonly what: string; readonly games: number }>();
  const [report, setReport] = useState<ArchiveReport>();
  const [problem, setProblem] = useState<Refusal>();
  const [said, setSaid] = useState('');

  const begin = (what: string): ((games: number) => void) => {
    setProblem(undefined);
    setReport(undefined);
    setSaid('');
    setBusy({ what, games: 0 });
    return (games) => setBusy({ what, games });
  };
  const save = async (): Promise<void> => {
    const written = await data().exportAll(begin('Writing the file'));
    setBusy(undefined);
    if (!written.ok) setProblem(written.error);
    else saveFile(`duomem-${new Date().toISOString().slice(0, 10)}.zip`, written.value, 'application/zip');
  };
  const inspect = async (file: File): Promise<void> => {
    begin('Reading the file');
    const read = await data().inspectArchive(file);
    setBusy(undefined);
    if (read.ok) setReport(read.value);
    else setProblem(read.error);
  };
  const take = async (): Promise<void> => {
    const taken = await data().takeArchive(begin('Taking it in'));
    setBusy(undefined);
    if (taken.ok) setSaid('Everything in the file was taken in.');
    else setProblem(taken.error);
    await agent().memoryChanged();
    await onChange();
  };

  return (
    <section className="panel" aria-label="Everything as one file">
      <h2>Everything as one file</h2>
      <p className="quiet">
        Imported games, runs, kept episodes, and the memories that you added, changed or deleted: to keep
        elsewhere, or to take to another device.
      </p>
      <p className="row">
        <button type="button" disabled={busy !== undefined} onClick={() => void save()}>
          Export
        </button>
        <label htmlFor="archive">Import a file</label>
        <input
          id="archive"
          type="file"
          accept=".zip"
          disabled={busy !== undefined}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file !== undefined) void inspect(file);
            // The same file may be chosen again.
            event.target.value = '';
          }}
        />
      </p>
      <p role="status">
        {busy === undefined
          ? said
          : `${busy.what} …${busy.games === 0 ? '' : ` ${plural(busy.games, 'game')}`}`}
      </p>
      {problem !== undefined && (
        <p className="notice bad" role="alert">
          {formatRefusal(problem)} Nothing was changed.
        </p>
      )}
      {report !== undefined && (
        <div className="notice" role="alert">
          <p>
            The file holds {told(report)}.{' '}
            {report.replaced > 0 &&
              `${plural(report.replaced, 'of them takes', 'of them take')} the place of what is here by the same name.`}
          </p>
          <p className="row">
            <button type="button" className="primary" onClick={() => void take()}>
              Take it all in
            </button>
            <button type="button" onClick={() => setReport(undefined)}>
              Leave it
            </button>
          </p>
        </div>
      )}
    </section>
  );
}

function told({ memories, hidden, sets, runs, episodes }: ArchiveReport): string {
  const games = sets.reduce((sum, set) => sum + set.games, 0);
  const parts = [
    plural(memories, 'memory', 'memories'),
    ...(hidden > 0 ? [plural(hidden, 'deleted memory', 'deleted memories')] : []),
    games === 0 ? 'no games' : `${plural(games, 'game')} in ${plural(sets.length, 'set')}`,
    plural(runs, 'run'),
  ];
  return `${parts.join(', ')} and ${plural(episodes, 'kept episode')}`;
}
