// transformers.js's text-generation pipeline, used as its documentation says.
const SENTENCE = 'On the countertop 1, you see a mug 2, a knife 1, and a tomato 3. ';

globalThis.onmessage = async ({ data: { device, contexts, decode, repetitions } }) => {
  try {
    const began = performance.now();
    // @ts-expect-error the server's own address
    const { env, pipeline } = await import('/transformers.js');
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.localModelPath = '/models/';
    env.useBrowserCache = false;
    env.useWasmCache = false;
    env.backends.onnx.wasm.wasmPaths = new URL('/runtime/', location.href).href;
    env.backends.onnx.wasm.numThreads = 1;
    const generate = await pipeline('text-generation', 'pocket', { device, dtype: 'fp32' });
    const load = (performance.now() - began) / 1000;
    const speeds = [];
    for (const context of contexts) {
      const { text, tokens } = textOf(generate.tokenizer, context);
      for (let i = -1; i < repetitions; i++) {
        const { first, rest } = await timed(generate, text, 1 + decode);
        if (i >= 0) speeds.push({ context, prefill: tokens / first, decode: decode / rest });
      }
    }
    globalThis.postMessage({ load, speeds });
  } catch (error) {
    globalThis.postMessage({ error: String(error) });
  }
};

/**
 * Seconds from the prompt's tokens to the first token, and from it to the last: the same stretches as are measured of
 * the project's own student, which is given tokens too.
 * @param {any} generate
 * @param {string} text
 * @param {number} tokens
 */
async function timed(generate, text, tokens) {
  /** @type {number[]} */
  const times = [];
  // Told of the prompt first, when it is tokens, then of each token.
  const streamer = { put: () => times.push(performance.now()), end: () => {} };
  await generate(text, { max_new_tokens: tokens, min_new_tokens: tokens, do_sample: false, streamer });
  const [prompt = 0, first = 0] = times;
  if (times.length !== 1 + tokens) throw new Error(`${times.length - 1} tokens came instead of ${tokens}`);
  return { first: (first - prompt) / 1000, rest: ((times.at(-1) ?? 0) - first) / 1000 };
}

/**
 * The longest text of whole sentences within so many tokens.
 * @param {any} tokenizer
 * @param {number} context
 */
function textOf(tokenizer, context) {
  const count = (/** @type {string} */ text) => tokenizer(text).input_ids.dims[1];
  let times = 1;
  while (count(SENTENCE.repeat(times + 1)) <= context) times++;
  const text = SENTENCE.repeat(times);
  return { text, tokens: count(text) };
}
