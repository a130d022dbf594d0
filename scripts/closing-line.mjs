/** Prints what the last `npm test` found as one line, `N passed, N failed`; a run that left no figures has failed. */
import { closingLine } from './lib/tally.mjs';

console.log(closingLine());
