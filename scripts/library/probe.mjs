/**
 * In the browser, beside web-llm: loads a model, lets it read a few tokens and choose two, and hands over its scores;
 * then frees it. Buffers of the GPU are counted where they are made and destroyed.
 * @param {{ webLlm: string, model: string, library: string, prompt: string, tell: (line: string) => void }} options
 */
export async function probe({ webLlm, model, library, prompt, tell }) {
  const buffers = countBuffers();
  const { MLCEngine } = await import(webLlm);
  /** @type {number[][]} */
  const scores = [];
  /** @type {number[]} */
  const chosen = [];
  const engine = new MLCEngine({
    appConfig: { model_list: [{ model, model_id: 'model', model_lib: library }] },
    logitProcessorRegistry: new Map([
      [
        'model',
        {
          processLogits(/** @type {Float32Array} */ logits) {
            scores.push(Array.from(logits));
            return logits;
          },
          processSampledToken(/** @type {number} */ token) {
            chosen.push(token);
            tell(`token ${chosen.length}`);
          },
          resetState() {},
        },
      ],
    ]),
    initProgressCallback: (/** @type {{ text: string }} */ { text }) => tell(text),
    logLevel: 'SILENT',
  });
  await engine.reload('model');
  const loaded = buffers.bytes;
  await engine.completions.create({ prompt, max_tokens: 2, temperature: 0 });
  await engine.unload();
  return { scores, chosen, loaded, left: buffers.bytes };
}

function countBuffers() {
  const state = { bytes: 0 };
  /** @type {WeakMap<GPUDevice, Set<GPUBuffer>>} */
  const alive = new WeakMap();
  /** @type {WeakMap<GPUBuffer, GPUDevice>} */
  const makers = new WeakMap();
  const { createBuffer, destroy } = GPUDevice.prototype;
  const { destroy: destroyBuffer } = GPUBuffer.prototype;
  /** @param {GPUBuffer} buffer */
  const gone = (buffer) => {
    const maker = makers.get(buffer);
    if (maker !== undefined && alive.get(maker)?.delete(buffer)) state.bytes -= buffer.size;
  };
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    const own = alive.get(this) ?? new Set();
    alive.set(this, own.add(buffer));
    makers.set(buffer, this);
    state.bytes += buffer.size;
    return buffer;
  };
  GPUBuffer.prototype.destroy = function () {
    gone(this);
    return destroyBuffer.call(this);
  };
  GPUDevice.prototype.destroy = function () {
    for (const buffer of alive.get(this) ?? []) gone(buffer);
    return destroy.call(this);
  };
  return state;
}
