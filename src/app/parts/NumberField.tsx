/** A labelled whole number. What isn't one, or lies out of bounds, stays as it was typed, changes nothing, and is said. */
import { useId, useState } from 'react';
import { Field } from './Field.tsx';

interface NumberFieldProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export function NumberField({ label, min, max, value, onChange }: NumberFieldProps) {
  const [wrong, setWrong] = useState<string>();
  const bounds = useId();
  return (
    <Field label={label}>
      {(id) => (
        <>
          <input
            id={id}
            type="number"
            required
            min={min}
            max={max}
            value={wrong ?? value}
            aria-invalid={wrong !== undefined}
            aria-describedby={wrong === undefined ? undefined : bounds}
            onChange={({ target }) => {
              const { valueAsNumber: number, validity } = target;
              setWrong(validity.valid ? undefined : target.value);
              if (validity.valid) onChange(number);
            }}
          />
          {wrong !== undefined && (
            <span id={bounds} className="bounds" role="status">
              {min} to {max}
            </span>
          )}
        </>
      )}
    </Field>
  );
}
