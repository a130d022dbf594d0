/** What can be done with what was clicked: buttons below the house, in a line that is always there. */
import { useEffect, useRef } from 'react';
import { Button, LinkButton } from '../parts/Button.tsx';

interface ChoicesProps {
  readonly about: string | undefined;
  readonly commands: readonly string[];
  readonly onAct: (action: string) => void;
  readonly onClose: () => void;
}

export function Choices({ about, commands, onAct, onClose }: ChoicesProps) {
  const first = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing's choices take the focus anew
  useEffect(() => {
    first.current?.focus({ preventScroll: true });
  }, [about]);
  if (about === undefined) {
    return (
      <p className="choices quiet">Click a place or a thing: this line offers what can be done with it.</p>
    );
  }
  return (
    <fieldset
      className="choices"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <legend className="hidden">What can be done with {about}</legend>
      {commands.length === 0 && <span className="quiet">Nothing can be done with {about} from here.</span>}
      {commands.map((command, i) => (
        <Button key={command} ref={i === 0 ? first : null} onClick={() => onAct(command)}>
          {command}
        </Button>
      ))}
      <LinkButton onClick={onClose}>Something else</LinkButton>
    </fieldset>
  );
}
