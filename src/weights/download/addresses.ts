/**
 * Under which addresses a model lies in the caches that web-llm reads (its own names of them, Cache API). The host
 * ends in .invalid, which never resolves (RFC 2606): whatever web-llm should miss, it can't be fetched from anywhere,
 * and nothing but what was verified here can be loaded. Relative addresses won't do, and nor will the page's own:
 * web-llm fetches a library at every load where its address is relative or holds the word localhost.
 */

/** Below which all models lie. Never change it: users' models are found by it. */
const HOST = 'https://models.invalid';

/** The library's name among a model's files. */
export const LIBRARY_NAME = 'library.wasm';
export const CHAT_CONFIG = 'mlc-chat-config.json';
export const TENSOR_CACHE = 'tensor-cache.json';

/** web-llm appends resolve/main/ where an address has no such part. */
export function modelAddress(id: string): string {
  return `${HOST}/${encodeURIComponent(id)}/resolve/local/`;
}

export function fileAddress(id: string, name: string): string {
  return modelAddress(id) + name;
}

/** web-llm's caches. */
export const CACHES = ['webllm/model', 'webllm/config', 'webllm/wasm'] as const;

export function cacheOf(name: string): (typeof CACHES)[number] {
  if (name === CHAT_CONFIG) return 'webllm/config';
  return name === LIBRARY_NAME ? 'webllm/wasm' : 'webllm/model';
}

/** The files of an MLC folder that web-llm reads. */
export function isRead(name: string): boolean {
  return (
    name === CHAT_CONFIG ||
    name === TENSOR_CACHE ||
    name === 'tokenizer.json' ||
    /^params_shard_\d+\.bin$/.test(name)
  );
}
