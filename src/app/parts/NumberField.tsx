/** A labelled whole number; what isn't one, or lies out of bounds, changes nothing. */
import { Field } from './Field.tsx';

interface NumberFieldProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export function NumberField({ label, min, max, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label}>
      {(id) => (
        <input
          id={id}
          type="number"
          min={min}
          max={max}
          value={value}
          onChange={(event) => {
            const number = event.target.valueAsNumber;
            if (Number.isInteger(number) && number >= min && number <= max) onChange(number);
          }}
        />
      )}
    </Field>
  );
}
