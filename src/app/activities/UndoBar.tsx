/** The way back from what was just deleted, at the foot of the page. */
import { formatRefusal } from '../../base/result.ts';
import { LinkButton } from '../parts/Button.tsx';
import { size } from '../parts/words.ts';
import { useStore } from '../store.ts';
import { dismissLast, underWay, undoables, undoLast, undone } from './undo.ts';

export function UndoBar() {
  const all = useStore(undoables);
  const result = useStore(undone);
  const now = useStore(underWay);
  const last = all.at(-1);
  const told = result === undefined ? last?.said : result.ok ? 'Restored.' : formatRefusal(result.error);
  const shown = result === undefined ? last : undefined;
  return (
    // Always there, so that what it comes to say is read out.
    <div className="undo" role="status">
      {now !== undefined && <p>{now}</p>}
      {now === undefined && told !== undefined && (
        <p>
          <span>
            {told}
            {shown?.bytes !== undefined && ` Its ${size(shown.bytes)} are freed when you dismiss this.`}
          </span>
          {shown !== undefined && <LinkButton onClick={() => void undoLast()}>Undo</LinkButton>}
          <LinkButton onClick={() => void dismissLast()}>Dismiss</LinkButton>
        </p>
      )}
    </div>
  );
}
