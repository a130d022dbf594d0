/** Buttons that do something when they're clicked; what submits a form is a plain `<button type="submit">`. */
import type { ComponentProps } from 'react';

type ButtonProps = Omit<ComponentProps<'button'>, 'type' | 'className'>;

export function Button(props: ButtonProps) {
  return <button type="button" {...props} />;
}

/** The one that most people want. */
export function PrimaryButton(props: ButtonProps) {
  return <button type="button" className="primary" {...props} />;
}

/** Looks like a link. */
export function LinkButton(props: ButtonProps) {
  return <button type="button" className="link" {...props} />;
}
