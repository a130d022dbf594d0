/** Files that were taken for a model's: what they are instead, told from their first bytes, and what helps. */

/** Bytes that are enough. */
export const FOREIGN_BYTES = 256;

const RESOLVE =
  'on huggingface.co from an address with /resolve/ in it, not /blob/, and signed in where it asks for that';

/** A sentence or two; undefined for what may be the file itself. */
export function describeForeign(start: Uint8Array): string | undefined {
  const text = String.fromCharCode(...start.subarray(0, FOREIGN_BYTES)).replace(/^\xef\xbb\xbf/, '');
  if (/^version https:\/\/git-lfs/.test(text))
    return 'This is a git-lfs pointer, not the file itself: run git lfs pull in its folder, or download the file.';
  if (/^\s*<(!doctype|html|head|\?xml)\b/i.test(text))
    return `This is a web page, not the file itself: download it again, ${RESOLVE}.`;
  if (/^(Entry not found|Repository not found|Invalid username or password|Access to model )/.test(text))
    return `This is a server's answer, ${JSON.stringify(text.slice(0, 60).trim())}: download the file again, ${RESOLVE}.`;
  return undefined;
}

/** First four bytes, little-endian: as the length of a safetensors header each would be beyond belief. */
const MAGIC = { gguf: 0x46554747, zip: 0x04034b50, pickle: 0x0a8a0280 } as const;

/** The same for files of weights, which other programs store in other forms. */
export function describeForeignWeights(start: Uint8Array): string | undefined {
  const magic = start.length < 4 ? 0 : new DataView(start.buffer, start.byteOffset).getUint32(0, true);
  if (magic === MAGIC.gguf) return 'This is a GGUF file, but a safetensors file is needed.';
  if (magic === MAGIC.zip || magic === MAGIC.pickle) return `This is a file of PyTorch's. ${PICKLE_HELP}`;
  return describeForeign(start);
}

/** PyTorch's pickled files are programs, so they are never opened here. */
export const PICKLE_HELP =
  'Such files can run code, so only safetensors is read: load it with transformers or peft and call ' +
  'save_pretrained, which writes safetensors.';
