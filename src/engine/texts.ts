/** The wording of the real engine that more than one file needs. */

export const NOTHING_HAPPENS = 'Nothing happens.';

/** `nothing`, `a x`, `a x, and a y`, `a x, a y, and a z`. */
export function listText(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : joinText(names.map((name) => `a ${name}`));
}

/** `x`, `x, and y`, `x, y, and z`; at least one part. */
export function joinText(parts: readonly string[]): string {
  const last = parts[parts.length - 1] as string;
  return parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')}, and ${last}`;
}
