/** A labelled input. The label stands beside it, not around it, so that it names the input and nothing else. */
import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly className?: string;
  readonly children: (id: string) => ReactNode;
}

export function Field({ label, className = '', children }: FieldProps) {
  const id = useId();
  return (
    <div className={`field ${className}`}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
