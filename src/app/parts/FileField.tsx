/** Choosing files. What was chosen is handed over and the field is empty again: the same file may be chosen once more. */
import { type RefObject, useId } from 'react';

interface FileFieldProps {
  readonly label: string;
  /** Endings of names, with commas between. */
  readonly accept?: string;
  readonly disabled?: boolean;
  /** A whole folder is chosen. */
  readonly folder?: boolean;
  /** It stays out of sight, and is opened by another button. */
  readonly openedBy?: RefObject<HTMLInputElement | null>;
  readonly onFiles: (files: readonly [File, ...File[]]) => void;
}

export function FileField({
  label,
  accept,
  disabled = false,
  folder = false,
  openedBy,
  onFiles,
}: FileFieldProps) {
  const id = useId();
  return (
    <>
      {openedBy === undefined && <label htmlFor={id}>{label}</label>}
      <input
        id={id}
        ref={openedBy}
        type="file"
        accept={accept}
        disabled={disabled}
        {...(openedBy === undefined ? {} : { className: 'hidden', 'aria-label': label })}
        {...(folder ? { multiple: true, webkitdirectory: '' } : {})}
        onChange={(event) => {
          // A list that empties with the field.
          const [first, ...others] = event.target.files ?? [];
          event.target.value = '';
          if (first !== undefined) onFiles([first, ...others]);
        }}
      />
    </>
  );
}
