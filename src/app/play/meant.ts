/** The command that a person means by what they typed, where only one can be meant. */

/** Undefined where none is near, or two are equally near. */
export function meantBy(typed: string, admissible: readonly string[]): string | undefined {
  const text = typed
    .toLowerCase()
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/\bthe /g, '')
    .replace(/[.!]+$/, '');
  if (admissible.includes(text)) return text;
  // As people say it: `put mug 1 on shelf 2`, `take mug 1`, `go fridge 1`, `open the fridge`.
  const said = text
    .replace(/^(?:put|place) (.+) (?:in|on|into|onto|in\/on) (.+)$/, 'move $1 to $2')
    .replace(/^(?:go|walk) (?!to )/, 'go to ');
  if (admissible.includes(said)) return said;
  const begun = admissible.filter((command) => command.startsWith(`${said} `));
  if (begun.length === 1) return begun[0];
  // A number says which of many: it is never guessed.
  const near = admissible
    .filter((command) => numbers(command) === numbers(said))
    .map((command) => ({ command, far: distance(said, command) }))
    .sort((a, b) => a.far - b.far);
  const [first, second] = near;
  if (first === undefined || first.far > 2 || first.far === second?.far) return undefined;
  return first.command;
}

function numbers(text: string): string {
  return text.replace(/\D+/g, ' ').trim();
}

/** Letters put in, left out or exchanged (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
