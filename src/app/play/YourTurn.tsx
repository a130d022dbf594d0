/** The person's turn: type a command, or pick one of those that are accepted. The house can be clicked as well. */
import { useId, useState } from 'react';

export function YourTurn({
  admissible,
  onAct,
}: {
  admissible: readonly string[];
  onAct: (action: string) => void;
}) {
  const [typed, setTyped] = useState('');
  const list = useId();
  const matching = admissible.filter((command) => command.includes(typed.trim().toLowerCase()));
  return (
    <form
      className="your-turn"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === '') return;
        onAct(typed.trim());
        setTyped('');
      }}
    >
      <label>
        <span>Your action</span>
        <input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
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
      <details open={typed !== ''}>
        <summary id={list}>
          {admissible.length === 0 ? 'Wait for your turn.' : `${matching.length} commands are accepted now`}
        </summary>
        <ul>
          {matching.map((command) => (
            <li key={command}>
              <button
                type="button"
                onClick={() => {
                  onAct(command);
                  setTyped('');
                }}
              >
                {command}
              </button>
            </li>
          ))}
        </ul>
      </details>
    </form>
  );
}
