/** Words that imported games must have to be listed, or drawn from. */
import { TextField } from './TextField.tsx';

interface GameFilterFieldProps {
  readonly filter: string;
  readonly onChange: (filter: string) => void;
}

export function GameFilterField({ filter, onChange }: GameFilterFieldProps) {
  return (
    <TextField
      label="Only games with"
      type="search"
      value={filter}
      placeholder="all: or hot apple"
      onChange={onChange}
    />
  );
}
