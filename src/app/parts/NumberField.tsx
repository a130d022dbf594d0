/** A labelled whole number. What isn't one, or lies out of bounds, stays as it was typed, changes nothing, and is said. */
import { type ReactNode, useId, useState } from 'react';
import { Field } from './Field.tsx';

interface NumberFieldProps {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** Buttons on its two sides. */
  readonly sides?: readonly [ReactNode, ReactNode];
}

export function NumberField({ label, min, max, value, onChange, sides }: NumberFieldProps) {
  const [typed, setTyped] = useState<{ readonly text: string; readonly at: number }>();
  // Another value that came from elsewhere takes its place.
  const wrong = typed?.at === value ? typed.text : undefined;
  const bounds = useId();
  return (
    <Field label={label}>
      {(id) => (
        <>
          <span className={sides && 'stepper'}>
            {sides?.[0]}
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
                setTyped(validity.valid ? undefined : { text: target.value, at: value });
                if (validity.valid) onChange(number);
              }}
            />
            {sides?.[1]}
          </span>
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
