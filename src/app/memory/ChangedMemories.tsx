/** The memories of the page that the person deleted or wrote anew, and the way back to what they were. */
import { useState } from 'react';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import type { ChangedShipped } from '../../protocol/data.ts';
import { deleteKept } from '../activities/undo.ts';
import { dataChanged, dataVersion } from '../data-changes.ts';
import { Button, LinkButton } from '../parts/Button.tsx';
import { useTaken } from '../parts/use-answer.ts';
import { plural, sentence } from '../parts/words.ts';
import { useStore } from '../store.ts';
import { data } from '../worker-client.ts';

export function ChangedMemories() {
  const version = useStore(dataVersion);
  const [changes, setChanges] = useState<readonly ChangedShipped[]>([]);
  const [problem, setProblem] = useState<Refusal>();
  useTaken(
    [version],
    () => data().changedMemories(),
    // The list of memories says what is wrong with the storage.
    (read) => read.ok && setChanges(read.value),
  );
  if (changes.length === 0) return null;
  const restore = async (which: readonly ChangedShipped[]): Promise<void> => {
    const restoring = data().restoreMemories(which.map(({ id }) => id));
    // What the person wrote is lost by it, and can be had back; a deleted memory that is back has lost nothing.
    if (which.some(({ deleted }) => !deleted)) {
      setProblem(
        await deleteKept(
          `what you wrote in place of ${plural(which.length, 'memory', 'memories')}`,
          restoring,
        ),
      );
      return;
    }
    const restored = await restoring;
    setProblem(restored.ok ? undefined : restored.error);
    await dataChanged();
  };
  return (
    <details className="map-fold">
      <summary>
        {plural(changes.length, 'memory', 'memories')} of this page that you deleted or changed
      </summary>
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      <ol className="kept" aria-label="Deleted and changed memories">
        {changes.map((change) => (
          <li key={change.id}>
            <span>{sentence(change.task)}</span>
            <span className="quiet">{change.deleted ? 'deleted' : 'changed'}</span>
            <LinkButton onClick={() => void restore([change])}>
              {change.deleted ? 'Restore' : 'Restore the original'}
              <span className="hidden">: {sentence(change.task)}</span>
            </LinkButton>
          </li>
        ))}
      </ol>
      {changes.length > 1 && (
        <p>
          <Button onClick={() => void restore(changes)}>Restore all originals</Button>
        </p>
      )}
    </details>
  );
}
