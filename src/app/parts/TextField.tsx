/** A labelled line of text. What else is given is the input's own. */
import type { ComponentProps } from 'react';
import { Field } from './Field.tsx';

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id' | 'onChange'> {
  readonly label: string;
  readonly onChange: (text: string) => void;
}

export function TextField({ label, className = '', onChange, ...own }: TextFieldProps) {
  return (
    <Field label={label} className={className}>
      {(id) => <input id={id} {...own} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}
