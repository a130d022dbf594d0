/** Sets of games that the user brings along: taken in from a zip, evaluated, deleted. */
import { useState } from 'react';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import type { ImportProgress, ImportReport } from '../../engine/import/index.ts';
import type { StorageReport } from '../../protocol/data.ts';
import { plural, size } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { data } from '../worker-client.ts';

export function Games({
  report,
  onChange,
}: {
  report: StorageReport | undefined;
  onChange: () => Promise<void>;
}) {
  const [progress, setProgress] = useState<ImportProgress>();
  const [done, setDone] = useState<ImportReport>();
  const [problem, setProblem] = useState<Refusal>();
  const take = async (file: File): Promise<void> => {
    setDone(undefined);
    setProblem(undefined);
    setProgress({ done: 0, total: 0, bytes: 0, totalBytes: 0 });
    const imported = await data().importGames(file, setProgress);
    setProgress(undefined);
    if (imported.ok) setDone(imported.value);
    else setProblem(imported.error);
    await onChange();
  };
  return (
    <section className="panel">
      <h2>Games</h2>
      <p className="quiet">
        The homes of this page need no file. The official games come as a zip from the ALFWorld project; it is
        read here and goes nowhere.
      </p>
      <p className="row">
        <label htmlFor="zip">A zip of games</label>
        <input
          id="zip"
          type="file"
          accept=".zip"
          disabled={progress !== undefined}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file !== undefined) void take(file);
          }}
        />
      </p>
      {progress !== undefined && (
        <p className="row" role="status">
          <progress max={Math.max(1, progress.total)} value={progress.done} aria-label="Games read" />
          {progress.done} of {progress.total} games
          <button type="button" onClick={() => void data().cancelImport()}>
            Cancel
          </button>
        </p>
      )}
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      {done !== undefined && (
        <div className="notice good" role="status">
          <b>{plural(done.games, 'game')} taken in.</b>{' '}
          {done.refused.length > 0 && `${plural(done.refused.length, 'file')} could not be used:`}
          <ul>
            {done.refused.slice(0, 5).map(({ path, message }) => (
              <li key={path}>
                {path}: {message}
              </li>
            ))}
          </ul>
        </div>
      )}
      {report !== undefined && report.sets.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>Set</th>
              <th>Games</th>
              <th>Size</th>
              <th>
                <span className="hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {report.sets.map(({ name, games, bytes }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{games.toLocaleString('en')}</td>
                <td>{size(bytes)}</td>
                <td className="row">
                  <a href={formatRoute('runs', { set: name })}>Evaluate</a>
                  <button
                    type="button"
                    className="link"
                    onClick={() => {
                      void data().deleteSet(name).then(onChange);
                    }}
                  >
                    Delete
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
