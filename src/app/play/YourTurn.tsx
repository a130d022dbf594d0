/**
 * The person's turn: type a command, or pick one of those that are accepted. The house can be clicked as well. What is
 * typed is forgiven before it costs a step: capitals, spaces, and a typo where only one command can be meant.
 */
import { useId, useRef, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { useFollow } from '../parts/use-follow.ts';
import { meantBy } from './meant.ts';

interface YourTurnProps {
  readonly admissible: readonly string[];
  readonly onAct: (action: string) => void;
  /** Takes the last step back; undefined where there is none of the person's. */
  readonly onUndo: (() => void) | undefined;
  /** What was done so far: arrow up brings it back. */
  readonly steps: readonly { readonly action: string }[];
}

export function YourTurn({ admissible, onAct, onUndo, steps }: YourTurnProps) {
  const [typed, setTyped] = useState('');
  /** So many commands back; 0 is what is being typed. */
  const [back, setBack] = useState(0);
  /** What was typed and isn't accepted: sent as it is when it is entered a second time. */
  const [doubted, setDoubted] = useState<string>();
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  useFollow(field);
  const text = typed.trim().toLowerCase();
  const matching = admissible.filter((command) => command.includes(text));
  const act = (command: string): void => {
    onAct(command);
    setTyped('');
    setBack(0);
    setDoubted(undefined);
  };
  const recall = (to: number): void => {
    const past = steps.at(-to);
    if (to > 0 && past === undefined) return;
    setBack(Math.max(to, 0));
    setTyped(to > 0 ? (past?.action ?? '') : '');
  };
  return (
    <form
      className="your-turn"
      onSubmit={(event) => {
        event.preventDefault();
        if (text === '') return;
        const meant = meantBy(typed, admissible);
        if (meant !== undefined) act(meant);
        else if (doubted === text || admissible.length === 0) act(typed.trim());
        else setDoubted(text);
      }}
    >
      <label>
        <span>Your action</span>
        <input
          ref={field}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setBack(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowUp') recall(back + 1);
            else if (event.key === 'ArrowDown') recall(back - 1);
            else return;
            event.preventDefault();
          }}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="go to fridge 1"
          aria-describedby={list}
        />
      </label>
      <button type="submit" className="primary">
        Do it
      </button>
      <Button
        disabled={onUndo === undefined || admissible.length === 0}
        onClick={() => {
          onUndo?.();
          field.current?.focus({ preventScroll: true });
        }}
      >
        Take back
      </Button>
      <p className="doubt" role="status">
        {doubted === text &&
          text !== '' &&
          'Nothing would happen. Enter it again to spend a step on it anyway.'}
      </p>
      <details open={typed !== ''}>
        <summary id={list}>
          {admissible.length === 0
            ? 'Wait for your turn.'
            : matching.length === admissible.length
              ? `${matching.length} commands are accepted now`
              : `${matching.length} of ${admissible.length} commands match`}
        </summary>
        <ul>
          {matching.map((command) => (
            <li key={command}>
              <Button onClick={() => act(command)}>{command}</Button>
            </li>
          ))}
        </ul>
      </details>
    </form>
  );
}
