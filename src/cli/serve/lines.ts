/** Lines of a stream of bytes, none longer than a limit: a client that never ends its line fills no memory. */

/** A line without its end, or that one was too long and is left out. */
type Line = { readonly text: string } | { readonly tooLong: true };

/** Reads lines that end in a line feed, with or without a carriage return before it. Empty ones are left out. */
export async function* readLines(stream: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  const ended = (): Line | undefined => {
    const line: Line | undefined =
      length > limit ? { tooLong: true } : length > 0 ? { text: parts.join('') } : undefined;
    parts = [];
    length = 0;
    return line;
  };
  for await (const bytes of stream) {
    const text = decoder.decode(bytes, { stream: true });
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf('\n', at);
      const part = text.slice(at, end < 0 ? text.length : end);
      length += part.length;
      if (length <= limit) parts.push(part);
      else parts = [];
      if (end < 0) break;
      at = end + 1;
      const line = ended();
      if (line !== undefined && !('text' in line && line.text.trim() === '')) yield line;
    }
  }
  const last = ended();
  if (last !== undefined && !('text' in last && last.text.trim() === '')) yield last;
}
