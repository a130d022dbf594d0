/** What is said of a run that goes on, or is to go on, and isn't kept any more: to the worker's caller and by the page. */
import { type Refused, refuse } from '../base/result.ts';

/** @param place which run it is */
export function runDeleted(place: string): Refused<'RUN_DELETED'> {
  return refuse(
    'RUN_DELETED',
    'This run was deleted, perhaps in another tab, and was stopped: press Undo where it was deleted and resume it, or start a new one.',
    place,
  );
}
