/** Words that imported games must have to be listed, or drawn from. */
import { Field } from './Field.tsx';

interface GameFilterFieldProps {
  readonly filter: string;
  readonly onChange: (filter: string) => void;
}

export function GameFilterField({ filter, onChange }: GameFilterFieldProps) {
  return (
    <Field label="Only games with">
      {(id) => (
        <input
          id={id}
          type="search"
          value={filter}
          placeholder="all: or hot apple"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
