/** An episode that a button of another view asked for begins by itself when it is shown. */

let wanted = false;

/** The next episode that Play shows begins at once. */
export function wantPlay(): void {
  wanted = true;
}

/** Whether to begin the episode that is shown now; asked once. */
export function takePlay(): boolean {
  const taken = wanted;
  wanted = false;
  return taken;
}
