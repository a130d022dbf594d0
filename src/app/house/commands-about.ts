/** Commands that are about a thing or a place, of those that are accepted now. */

/** In the order in which they are offered: what brings one on first. */
const FIRST = [
  'take',
  'move',
  'put',
  'clean',
  'heat',
  'cool',
  'slice',
  'use',
  'open',
  'close',
  'go',
  'examine',
];

export function commandsAbout(name: string, admissible: readonly string[]): readonly string[] {
  const rank = (command: string): number => {
    const at = FIRST.indexOf(command.split(' ')[0] ?? '');
    return at < 0 ? FIRST.length : at;
  };
  return admissible
    .filter((command) => ` ${command} `.includes(` ${name} `))
    .sort((a, b) => rank(a) - rank(b));
}
