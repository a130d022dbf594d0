/** Asking for the task of a game in one's own words: its goal stays, and the student gets to read the words. */
import { useState } from 'react';
import { LONGEST_WORDS, sayable } from '../../base/sayable.ts';
import { isSameTask } from '../../player/goal.ts';
import { typeOf } from '../../player/names.ts';
import { parseIntro } from '../../player/observation.ts';
import { readTask } from '../../player/read-task.ts';
import type { OpenedGame, StudentChoice } from '../../protocol/agent.ts';
import { LinkButton } from '../parts/Button.tsx';
import { TRAINED } from '../parts/TellingFields.tsx';
import { TextField } from '../parts/TextField.tsx';
import { sentence } from '../parts/words.ts';

/** Players that are told templates; the others read the words themselves. */
const KNOW_TEMPLATES: readonly StudentChoice[] = [...TRAINED, 'scripted'];

interface OwnWordsProps {
  readonly game: OpenedGame;
  readonly student: StudentChoice;
  /** The words that it is asked for in now. */
  readonly words: string | undefined;
  /** Undefined brings the game's own sentence back. */
  readonly onAsk: (words: string | undefined) => void;
}

export function OwnWords({ game, student, words, onAsk }: OwnWordsProps) {
  const { card, intro } = game;
  const own = card.ownTask ?? card.task;
  const [typed, setTyped] = useState(words ?? '');
  const [open, setOpen] = useState(words !== undefined);
  const said = sayable(typed);
  return (
    <details className="more-game" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>In your own words</summary>
      <form
        className="setup"
        onSubmit={(event) => {
          event.preventDefault();
          if (said !== '') onAsk(said);
        }}
      >
        <TextField
          label="How you would ask for it"
          className="task-field"
          type="text"
          maxLength={LONGEST_WORDS}
          value={typed}
          placeholder={sentence(own)}
          onChange={setTyped}
        />
        <button type="submit" disabled={said === '' || said === words}>
          Ask so
        </button>
        {words !== undefined && (
          <LinkButton
            onClick={() => {
              setTyped('');
              onAsk(undefined);
            }}
          >
            Back to “{sentence(own)}”
          </LinkButton>
        )}
      </form>
      {said !== '' && KNOW_TEMPLATES.includes(student) && (
        <p className="quiet" role="status">
          <Preview said={said} own={own} intro={intro} />
        </p>
      )}
    </details>
  );
}

/** What a student that knows templates makes of the words, before it is asked. */
function Preview({ said, own, intro }: { said: string; own: string; intro: string }) {
  const read = readTask(said, new Set(parseIntro(intro).places.map(typeOf)));
  if (!read.ok) return `I don't understand this. ${read.error.message}`;
  return (
    <>
      I read this as: <b>{read.value}</b>
      {!isSameTask(read.value, own) &&
        ` That's another task than this one: “${sentence(own)}” stays the goal.`}
    </>
  );
}
