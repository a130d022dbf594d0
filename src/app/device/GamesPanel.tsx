/** Sets of games that the user brings along: imported from a zip, evaluated, deleted. */

import { useState } from 'react';
import { formatRefusal, type Refusal, type Result } from '../../base/result.ts';
import type { ImportProgress, ImportReport } from '../../engine/import/index.ts';
import type { StorageReport } from '../../protocol/data.ts';
import { Task, useTask } from '../activities/task.ts';
import { deleteKept } from '../activities/undo.ts';
import { dataChanged } from '../data-changes.ts';
import { Button, LinkButton } from '../parts/Button.tsx';
import { FileField } from '../parts/FileField.tsx';
import { plural, quoted, size } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { data } from '../worker-client.ts';

const importing = new Task<ImportProgress, Result<ImportReport>>({
  id: 'import games',
  title: 'Importing games',
  href: formatRoute('device'),
  told: ({ done, total }) => `${done} of ${plural(total, 'game')}`,
  over: (answer) =>
    answer.ok ? `${plural(answer.value.games, 'game')} imported` : formatRefusal(answer.error),
  stop: () => void data().cancelImport(),
});

export function GamesPanel({ report }: { report: StorageReport | undefined }) {
  const { progress, answer } = useTask(importing);
  const take = async (file: File): Promise<void> => {
    const first = { done: 0, total: 0, bytes: 0, totalBytes: 0 };
    await importing.start(
      first,
      (onProgress) => data().importGames(file, onProgress),
      `Importing ${file.name}`,
    );
    await dataChanged();
  };
  const [refusal, setRefusal] = useState<Refusal>();
  const done = answer?.ok ? answer.value : undefined;
  const problem = answer?.ok === false ? answer.error : refusal;
  return (
    <section className="panel">
      <h2>Games</h2>
      <p className="quiet">
        The page's own homes need no file. The official games come as a zip from the ALFWorld project; it's
        read here and sent nowhere.
      </p>
      <p className="row">
        <FileField
          label="A zip of games"
          accept=".zip"
          disabled={progress !== undefined}
          onFiles={([file]) => void take(file)}
        />
      </p>
      {progress !== undefined && (
        <p className="row" role="status">
          <progress max={Math.max(1, progress.total)} value={progress.done} aria-label="Games read" />
          {progress.done} of {progress.total} games
          <Button onClick={() => void data().cancelImport()}>Cancel</Button>
        </p>
      )}
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      {done !== undefined && (
        <div className="notice good" role="status">
          <b>{plural(done.games, 'game')} imported.</b>{' '}
          {done.refused.length > 0 && `${plural(done.refused.length, 'file')} couldn't be used:`}
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
              <th className="number">Games</th>
              <th className="number">Size</th>
              <th>
                <span className="hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {report.sets.map(({ name, games, bytes }) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="number">{games.toLocaleString('en')}</td>
                <td className="number">{size(bytes)}</td>
                <td className="row">
                  <a href={formatRoute('runs', { set: name })}>Evaluate</a>
                  <LinkButton
                    onClick={() => {
                      void deleteKept(`the set of games ${quoted(name)}`, data().deleteSet(name), bytes).then(
                        setRefusal,
                      );
                    }}
                  >
                    Delete
                  </LinkButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
