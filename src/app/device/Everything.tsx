/** Everything that is the user's as one file: out of here, and in again, on this device or another. */
import { formatRefusal, ok, type Result } from '../../base/result.ts';
import type { ArchiveProgress, ArchiveReport, OnArchive } from '../../protocol/data.ts';
import { Task, useTask } from '../activities/task.ts';
import { dataChanged } from '../data-changes.ts';
import { Button, PrimaryButton } from '../parts/Button.tsx';
import { FileField } from '../parts/FileField.tsx';
import { saveFile } from '../parts/save-file.ts';
import { plural } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { data } from '../worker-client.ts';

/** What is being done, and how far it came. */
interface Doing {
  readonly what: string;
  readonly so?: ArchiveProgress;
}

interface Done {
  readonly said: string;
  /** What a file holds that was looked at, and may be taken. */
  readonly report?: ArchiveReport;
}

const everything = new Task<Doing, Result<Done>>({
  id: 'everything',
  title: 'Everything as one file',
  href: formatRoute('device'),
  told: ({ what, so }) => (so === undefined ? what : `${what}, ${soFar(so)}`),
  over: (answer) =>
    answer.ok ? answer.value.said || 'was read: it can be imported' : formatRefusal(answer.error),
});

function soFar({ kind, done }: ArchiveProgress): string {
  return kind === 'games' ? plural(done, 'game') : plural(done, 'memory', 'memories');
}

function start(what: string, work: (listen: OnArchive) => Promise<Result<Done>>): void {
  void everything.start({ what }, (onProgress) => work((so) => onProgress({ what, so })));
}

function save(): void {
  start('Writing the file', async (listen) => {
    const written = await data().exportAll(listen);
    if (!written.ok) return written;
    saveFile(`duomem-${new Date().toISOString().slice(0, 10)}.zip`, written.value, 'application/zip');
    return ok({ said: 'The file was written.' });
  });
}

function inspect(file: File): void {
  start('Reading the file', async () => {
    const report = await data().inspectArchive(file);
    return report.ok ? ok({ said: '', report: report.value }) : report;
  });
}

function take(): void {
  start('Importing', async (listen) => {
    const taken = await data().takeArchive(listen);
    await dataChanged();
    return taken.ok ? ok({ said: 'Everything in the file was imported.' }) : taken;
  });
}

export function Everything() {
  const { progress: busy, answer } = useTask(everything);
  const problem = answer?.ok === false ? answer.error : undefined;
  const { said = '', report } = answer?.ok ? answer.value : {};
  return (
    <section className="panel" aria-label="Everything as one file">
      <h2>Everything as one file</h2>
      <p className="quiet">
        Imported games, runs, kept episodes, adapters, and the memories that you added, changed or deleted: as
        a backup, or to move to another device.
      </p>
      <p className="row">
        <Button disabled={busy !== undefined} onClick={save}>
          Export
        </Button>
        <FileField
          label="Import a file"
          accept=".zip"
          disabled={busy !== undefined}
          onFiles={([file]) => inspect(file)}
        />
      </p>
      <p role="status">
        {busy === undefined ? said : `${busy.what} …${busy.so === undefined ? '' : ` ${soFar(busy.so)}`}`}
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
            <PrimaryButton onClick={take}>Import it all</PrimaryButton>
            <Button onClick={() => everything.forget()}>Leave it</Button>
          </p>
        </div>
      )}
    </section>
  );
}

function told({ memories, hidden, sets, runs, episodes, adapters }: ArchiveReport): string {
  const games = sets.reduce((sum, set) => sum + set.games, 0);
  const parts = [
    plural(memories, 'memory', 'memories'),
    ...(hidden > 0 ? [plural(hidden, 'deleted memory', 'deleted memories')] : []),
    games === 0 ? 'no games' : `${plural(games, 'game')} in ${plural(sets.length, 'set')}`,
    plural(runs, 'run'),
    ...(adapters > 0 ? [plural(adapters, 'adapter')] : []),
  ];
  return `${parts.join(', ')} and ${plural(episodes, 'kept episode')}`;
}
