/** A labelled choice of one among a few. */
import { Field } from './Field.tsx';

interface SelectFieldProps<Value extends string | number> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, name: string])[];
  readonly onChange: (value: Value) => void;
  readonly className?: string;
  readonly disabled?: boolean;
  /** Id of what tells more about the choice. */
  readonly note?: string | undefined;
}

export function SelectField<Value extends string | number>(props: SelectFieldProps<Value>) {
  const { label, value, options, onChange, className = '', disabled = false, note } = props;
  return (
    <Field label={label} className={className}>
      {(id) => (
        <select
          id={id}
          value={value}
          disabled={disabled}
          aria-describedby={note}
          onChange={(event) => {
            const chosen = options[event.target.selectedIndex];
            if (chosen !== undefined) onChange(chosen[0]);
          }}
        >
          {options.map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
