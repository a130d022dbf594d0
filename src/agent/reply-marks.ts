/**
 * Marks around what a model says that aren't part of it: blocks in which it thinks, and the tokens that end a turn,
 * which some servers hand on. Only where replies of any form are read; the prompt's own form is read to the letter.
 */

/** `<thought>` is also how some write the reply's own thought (reply-forms.ts). */
const BLOCK = /<(\/?)(thinking|reasoning|thought)>/gi;
const TURN_END = /<\/s>|<eos>|<end_of_turn>|<\|(?:im_end|eot_id|eom_id|endoftext|end_of_text|end)\|>/gi;
const OWN_THOUGHT = /^[ \t>*_#-]*thought[ \t*_]*[:：]/im;
const OWN_ACTION = /^[ \t>*_#-]*action[ \t*_]*[:：]/im;

/** The reply without them; a turn's end ends the line. */
export function withoutMarks(text: string): string {
  const said = text.replace(TURN_END, '\n');
  const open = withoutBlocks(said, ['thinking', 'reasoning']);
  // Beside a thought and an action of the reply's own, what stands in such a block is neither.
  const rest = withoutBlocks(open, ['thought']);
  return rest !== open && OWN_THOUGHT.test(rest) && OWN_ACTION.test(rest) ? rest : open;
}

/** One that begins a line and isn't closed goes to the end; within a line its name may be meant. */
function withoutBlocks(text: string, names: readonly string[]): string {
  let kept = '';
  let from = 0;
  let inside: { readonly name: string; readonly start: number } | undefined;
  let depth = 0;
  for (const { 0: tag, 1: slash, 2: word = '', index } of text.matchAll(BLOCK)) {
    const name = word.toLowerCase();
    if (!names.includes(name) || (inside !== undefined && inside.name !== name)) continue;
    if (slash === '') {
      inside ??= { name, start: index };
      depth++;
    } else if (inside !== undefined && --depth === 0) {
      kept += `${text.slice(from, inside.start)}\n`;
      from = index + tag.length;
      inside = undefined;
    }
  }
  if (inside === undefined) return kept + text.slice(from);
  const line = text.slice(text.lastIndexOf('\n', inside.start) + 1, inside.start);
  return kept + text.slice(from, line.trim() === '' ? inside.start : undefined);
}
