/** Byte-level BPE as Hugging Face's files have it: how bytes are spelled, and the entry of a token that stands alone. */

/** GPT-2's table: every byte as a printable character (openai/gpt-2, encoder.py, bytes_to_unicode). */
export const CHARACTER_OF: readonly string[] = byteCharacters();
const BYTE_OF: ReadonlyMap<string, number> = new Map(
  CHARACTER_OF.map((character, byte) => [character, byte]),
);

function byteCharacters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

/** A text's bytes, each as its character. */
export function characters(text: string): string[] {
  return Array.from(new TextEncoder().encode(text), (byte) => CHARACTER_OF[byte] as string);
}

/** A text in the spelling of the vocabulary. */
export function spell(text: string): string {
  return characters(text).join('');
}

/** The text of what {@link spell} gives; broken UTF-8 becomes U+FFFD. */
export function unspell(spelled: string): string {
  const bytes = Uint8Array.from(spelled, (character) => BYTE_OF.get(character) ?? 0);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** A token in tokenizer.json's `added_tokens`. */
export function addedToken(id: number, content: string, special = true): object {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special };
}
