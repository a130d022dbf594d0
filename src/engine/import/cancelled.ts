/** What work returns that was stopped through an AbortSignal: a value like any other refusal, never an exception. */
import { type Refusal, refuse } from '../../base/result.ts';

export function cancelled(): { readonly ok: false; readonly error: Refusal } {
  return refuse('CANCELLED', 'Stopped before the end; nothing was kept.');
}
