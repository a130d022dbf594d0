/** Memory: everything that an episode can be reminded of, searched by meaning; read, added, changed, deleted. */
import { useEffect, useMemo, useState } from 'react';
import { formatRefusal, ok } from '../../base/result.ts';
import type { Refusal } from '../../engine/index.ts';
import { checkEntry, type MemoryEntry } from '../../memory/entry.ts';
import type { MemoryList } from '../../protocol/data.ts';
import { deleteKept, offerUndo } from '../activities/undo.ts';
import { dataChanged, dataVersion } from '../data-changes.ts';
import { keepInTab, kept } from '../kept.ts';
import { Button } from '../parts/Button.tsx';
import { newest } from '../parts/newest.ts';
import { TextField } from '../parts/TextField.tsx';
import { useTaken } from '../parts/use-answer.ts';
import { plural, quoted } from '../parts/words.ts';
import { parseRoute } from '../route.ts';
import { Store, useStore } from '../store.ts';
import { go } from '../use-route.ts';
import { data } from '../worker-client.ts';
import { ChangedMemories } from './ChangedMemories.tsx';
import { draftKeys, MemoryForm, newMemory } from './MemoryForm.tsx';
import { MemoryHomes } from './MemoryHomes.tsx';
import { ComingMap, MemoryMapView } from './MemoryMapView.tsx';
import { MemoryPage } from './MemoryPage.tsx';
import { MemoryRows } from './MemoryRows.tsx';
import '../styles/memory-view.css';

const SHOWN = 100;
/** Milliseconds after the last key before a search begins. */
const PAUSE = 200;

export function MemoryView({ params }: { params: URLSearchParams }) {
  const query = params.get('q') ?? '';
  const id = params.get('id');
  const [list, setList] = useState<MemoryList>();
  const [problem, setProblem] = useState<Refusal>();
  const [mapOpen, setMapOpen] = useState(true);
  const version = useStore(dataVersion);
  const [entry, setEntry, unread] = useEntry(id, version);
  const { editing, opened, leave, save } = useEditing(query, setEntry);

  const search = useMemo(
    () =>
      newest(
        (asked: string) => data().searchMemory(asked, SHOWN),
        (found) => {
          if (found.ok) setList(found.value);
          setProblem(found.ok ? undefined : found.error);
        },
      ),
    [],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was written is found by searching again
  useEffect(() => {
    // Nobody is typing yet when the view opens.
    const timer = setTimeout(() => void search(query), list === undefined ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [search, query, version]);

  const current = list?.groups.find(({ hits }) => hits.some((hit) => hit.id === id));
  const used = current?.hits.find((hit) => hit.id === id)?.use;

  const remove = async ({ id: gone, task }: MemoryEntry): Promise<void> => {
    const refusal = await deleteKept(`the memory ${quoted(task)}`, data().removeMemory(gone));
    setProblem(refusal);
    if (refusal === undefined && parseRoute(window.location.hash).view === 'memory') {
      go('memory', query === '' ? {} : { q: query });
    }
  };

  return (
    <div className="memory-view">
      <div className="memory-head">
        <h1>Memory</h1>
        <TextField
          label="Search by meaning"
          className="search"
          type="search"
          value={query}
          placeholder="warm up something to eat"
          onChange={(q) => go('memory', q === '' ? {} : { q }, true)}
        />
        <Button onClick={() => edit(newMemory())}>Add a memory</Button>
      </div>
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      <div className="memory-over">
        <details
          className="map-fold"
          open={mapOpen}
          onToggle={(event) => setMapOpen(event.currentTarget.open)}
        >
          <summary>Map of the memories</summary>
          {mapOpen && list === undefined && problem === undefined && <ComingMap />}
          {mapOpen && (list !== undefined || problem !== undefined) && (
            // Not before the list: of many memories it takes as long again.
            <MemoryMapView
              key={version}
              found={query.trim() === '' ? [] : (list?.groups ?? [])}
              id={id}
              task={current?.task}
              query={query}
            />
          )}
        </details>
        {(list !== undefined || problem === undefined) && <MemoryHomes homes={list?.homes} />}
      </div>
      <div className="memory-columns">
        <div>
          <p className="quiet" role="status">
            {list === undefined ? 'Opening the memories …' : told(list, query)}
          </p>
          <MemoryRows groups={list?.groups ?? []} query={query} id={id} />
          <ChangedMemories />
          {list?.total === 0 && (
            <p className="quiet">
              Nothing is remembered yet. Let the teacher do some tasks in a home (under Play, with a memory
              chosen), keep an episode of your own, or add one here.
            </p>
          )}
        </div>
        <div>
          {editing !== undefined ? (
            <MemoryForm key={opened} entry={editing} onSave={save} onCancel={() => leave(editing)} />
          ) : entry !== undefined ? (
            <MemoryPage
              entry={entry}
              use={used}
              onEdit={() => edit(entry)}
              onRemove={() => void remove(entry)}
            />
          ) : (
            <p className="quiet memory-none">{unread?.message ?? 'Choose a memory to read it.'}</p>
          )}
        </div>
      </div>
    </div>
  );
}

/** The memory of an id, undefined until it is read; and why it can't be read. */
function useEntry(id: string | null, version: number) {
  const [entry, setEntry] = useState<MemoryEntry>();
  const [unread, setUnread] = useState<Refusal>();
  useTaken(
    [id, version],
    () => (id === null ? undefined : data().readMemory(id)),
    (read) => {
      setEntry(read.ok ? read.value : undefined);
      setUnread(read.ok ? undefined : read.error);
    },
  );
  return [entry?.id === id ? entry : undefined, setEntry, id === null ? undefined : unread] as const;
}

const FORM = 'memory-editing';

/**
 * What is in the form: the page's and not a view's, since an undo may come when another one is shown than the one that
 * was left.
 */
const form = new Store<{ readonly editing: MemoryEntry | undefined; readonly opened: number }>({
  editing: keptEntry(kept(FORM)),
  opened: 0,
});

/** Opens the form, anew where it is open already; undefined puts it away. */
function edit(editing: MemoryEntry | undefined): void {
  keepInTab(FORM, editing);
  form.set({ editing, opened: form.value.opened + 1 });
}

/** The memory that is written or changed in the form. */
function useEditing(query: string, onSaved: (entry: MemoryEntry) => void) {
  const { editing, opened } = useStore(form);
  /** Puts the form away; what was typed is kept nowhere any more. */
  const close = (edited: MemoryEntry): void => {
    for (const key of draftKeys(edited)) keepInTab(key, undefined);
    edit(undefined);
  };
  /** Leaves the form; what was typed can be had back. */
  const leave = (edited: MemoryEntry): void => {
    const typed = draftKeys(edited).map((key) => [key, kept(key)] as const);
    close(edited);
    if (typed.every(([, text]) => text === undefined)) return;
    offerUndo({
      said: "What you wrote wasn't kept.",
      async undo() {
        for (const [key, text] of typed) keepInTab(key, text);
        edit(edited);
        go('memory');
        return ok(true);
      },
    });
  };
  const save = async (changed: MemoryEntry): Promise<Refusal | undefined> => {
    const saved = await data().saveMemory(changed);
    if (!saved.ok) return saved.error;
    close(changed);
    onSaved(changed);
    // The person may have gone elsewhere meanwhile.
    if (parseRoute(window.location.hash).view === 'memory') {
      go('memory', { ...(query === '' ? {} : { q: query }), id: changed.id });
    }
    await dataChanged();
    return undefined;
  };
  return { editing, opened, leave, save };
}

function told({ groups, total, tasks, searchMs }: MemoryList, query: string): string {
  const all = `${plural(total, 'memory', 'memories')} of ${plural(tasks, 'task')}`;
  if (query.trim() === '')
    return groups.length < tasks ? `${all}, the first ${groups.length} of them:` : `${all}.`;
  return `The nearest ${plural(groups.length, 'task')} of ${all}, compared in ${searchMs.toFixed(1)}\u00a0ms.`;
}

/** A new memory has no words yet; anything else of it must be right. */
function keptEntry(value: unknown): MemoryEntry | undefined {
  const { task = '', script } = (value ?? {}) as Partial<MemoryEntry>;
  const filled = {
    task: task || '?',
    script: { taskName: script?.taskName || '?', guidelines: script?.guidelines || '?' },
  };
  const right = typeof value === 'object' && checkEntry({ ...value, ...filled } as MemoryEntry, '').ok;
  return right ? (value as MemoryEntry) : undefined;
}
