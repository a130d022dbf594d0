/** What is kept on this device, how much room it takes, and how to be rid of each. */
import { useState } from 'react';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import type { OwnKind, StorageReport } from '../../protocol/data.ts';
import { deleteKept } from '../activities/undo.ts';
import { dataChanged } from '../data-changes.ts';
import { Button, LinkButton } from '../parts/Button.tsx';
import { plural, size } from '../parts/words.ts';
import { data } from '../worker-client.ts';

interface Line {
  readonly what: string;
  readonly count: string;
  readonly bytes: number | undefined;
  /** Undefined for what isn't deleted here. */
  readonly remove?: OwnKind;
  /** Why it isn't. */
  readonly note?: string;
}

interface StoragePanelProps {
  /** Undefined until it is read, and where it can't be. */
  readonly report: StorageReport | undefined;
  /** Why it couldn't be read. */
  readonly unread: Refusal | undefined;
}

export function StoragePanel({ report, unread }: StoragePanelProps) {
  const [problem, setProblem] = useState<Refusal>();
  const [asked, setAsked] = useState(false);
  const remove = async (what: string, lines: readonly Line[]): Promise<void> => {
    setAsked(false);
    const kinds = lines.flatMap(({ remove: kind }) => (kind === undefined ? [] : [kind]));
    // Memories, games and traces stay in the database until the deletion is final.
    const bulky = lines.filter(({ remove: kind }) => kind !== undefined && kind !== 'episodes');
    const bytes = bulky.reduce((sum, line) => sum + (line.bytes ?? 0), 0);
    setProblem(await deleteKept(what, data().deleteOwn(kinds), bytes === 0 ? undefined : bytes));
  };
  if (report === undefined) {
    return (
      <section className="panel" aria-label="Storage">
        <h2>Storage</h2>
        {unread === undefined ? <p className="quiet">Looking …</p> : <Unread why={unread} />}
      </section>
    );
  }
  const lines = linesOf(report);
  const own = lines.filter(({ remove, bytes }) => remove !== undefined && bytes !== 0);
  return (
    <section className="panel" aria-label="Storage">
      <h2>Storage</h2>
      {unread !== undefined && <Unread why={unread} />}
      {report.used !== undefined && report.quota !== undefined && (
        <p>
          {size(report.used)} used of {size(report.quota)} that the browser allows.
        </p>
      )}
      <p className="row">
        {report.persisted ? (
          'The browser has promised not to clear it by itself.'
        ) : (
          <>
            The browser may clear it when the device runs out of space.
            <LinkButton
              onClick={() => {
                void data().persist().then(dataChanged);
              }}
            >
              Ask it not to
            </LinkButton>
          </>
        )}
      </p>
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      <StorageTable lines={lines} onRemove={(what, line) => void remove(what, [line])} />
      {own.length > 0 && (
        <p>
          <Button onClick={() => setAsked(true)}>Delete everything of yours</Button>
        </p>
      )}
      {asked && (
        <p className="notice row" role="alert">
          Delete everything of yours: {own.map(({ count }) => count).join(', ')}? You can undo it until you
          close this page.
          <Button onClick={() => void remove('everything of yours', own)}>Yes, delete</Button>
          <Button onClick={() => setAsked(false)}>Keep</Button>
        </p>
      )}
    </section>
  );
}

function Unread({ why }: { why: Refusal }) {
  return <p className="notice bad">{formatRefusal(why)}</p>;
}

interface StorageTableProps {
  readonly lines: readonly Line[];
  /** @param what names the line for the undo bar */
  readonly onRemove: (what: string, line: Line) => void;
}

function StorageTable({ lines, onRemove }: StorageTableProps) {
  return (
    <div className="scroll">
      <table className="storage">
        <thead>
          <tr>
            <th>What</th>
            <th>How much</th>
            <th className="number">Size</th>
            <th>
              <span className="hidden">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.what}>
              <td>{line.what}</td>
              <td>{line.count}</td>
              <td className="number">{line.bytes === undefined ? '' : signedSize(line.bytes)}</td>
              <td>
                {line.remove === undefined ? (
                  <span className="quiet part-of-page">{line.note}</span>
                ) : line.bytes === 0 ? (
                  ''
                ) : (
                  <LinkButton onClick={() => onRemove(`${line.what.toLowerCase()}, ${line.count}`, line)}>
                    Delete<span className="hidden"> {line.what}</span>
                  </LinkButton>
                )}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Together</th>
            <td />
            <td className="number">{size(sumOf(lines))}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** A saving stands with its sign. */
function signedSize(bytes: number): string {
  return bytes < 0 ? `\u2212${size(-bytes)}` : size(bytes);
}

const OF_PAGE = 'part of the page';
const UNDER_MODELS = 'listed under Models';

function counted({ count, bytes }: { readonly count: number; readonly bytes: number }, one: string) {
  return { count: plural(count, one), bytes };
}

function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
}

function linesOf(report: StorageReport): Line[] {
  const { banks, memories, models, adapters, sets, runs, episodes, page, used } = report;
  const games = sets.reduce((sum, set) => sum + set.games, 0);
  const lines: Line[] = [
    ...(page === undefined
      ? []
      : [{ what: 'The page, kept for offline use', count: '', bytes: page, note: OF_PAGE }]),
    ...banks.map(({ name, count, bytes }) => ({
      what: `Memory bank ${name}`,
      count: plural(count, 'memory', 'memories'),
      bytes,
      note: OF_PAGE,
    })),
    {
      what: 'Memories made here',
      count: `${plural(memories.count, 'memory', 'memories')}${memories.deleted === 0 ? '' : `, ${memories.deleted.toLocaleString('en')} of the banks deleted`}`,
      bytes: memories.bytes,
      remove: 'memories',
    },
    {
      what: 'Imported games',
      count: plural(games, 'game'),
      bytes: sets.reduce((sum, set) => sum + set.bytes, 0),
      remove: 'sets',
    },
    { what: 'Runs', ...counted(runs, 'run'), remove: 'runs' },
    { what: 'Kept episodes', ...counted(episodes, 'episode'), remove: 'episodes' },
    { what: 'Adapters', ...counted(adapters, 'adapter'), note: UNDER_MODELS },
    { what: 'Models', ...counted(models, 'model'), note: UNDER_MODELS },
  ];
  const told = sumOf(lines);
  if (used === undefined || used === told) return lines;
  // So that the sizes add up to what the browser says is used: it packs some, and adds indexes of its own.
  const what =
    used > told ? 'Indexes and other overhead of the browser' : "Saved by the browser's compression";
  return [...lines, { what, count: '', bytes: used - told }];
}
