/** Puts stub-tvm.mjs into web-llm's code, the package's own or the page's chunk of it, where its GPU code begins. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const STUB = readFileSync(fileURLToPath(new URL('./stub-tvm.mjs', import.meta.url)), 'utf8');

/** Throws where web-llm has changed so that a place isn't found. */
export function patchWebLlm(code: string): string {
  const started = replaceCalls(code, 'instantiate', /^\([\w$]+\.buffer,/, (owner) => [
    'globalThis.duomemStub.instantiate(',
    `${owner}, `,
  ]);
  const wasi = replaceCalls(started, 'createPolyfillWASI', /^\(\)/, () => [
    'globalThis.duomemStub.wasi(',
    '',
  ]);
  const detected = replaceCalls(wasi, 'detectGPUDevice', /^\(\)/, () => [
    'globalThis.duomemStub.detect(',
    '',
  ]);
  return `${STUB}\n${detected}`;
}

/** Replaces `owner.name(` where the arguments look right. By hand: a pattern would take minutes on the base64 in there. */
function replaceCalls(
  code: string,
  name: string,
  parameters: RegExp,
  replacement: (owner: string) => readonly [call: string, first: string],
): string {
  const pieces: string[] = [];
  let done = 0;
  const call = `.${name}`;
  for (let at = code.indexOf(call); at >= 0; at = code.indexOf(call, at + 1)) {
    const open = at + call.length;
    if (!parameters.test(code.slice(open, open + 40))) continue;
    const owner = /[\w$.]+$/.exec(code.slice(Math.max(0, at - 40), at))?.[0];
    if (owner === undefined) continue;
    const [start, first] = replacement(owner);
    pieces.push(code.slice(done, at - owner.length), start, first);
    done = open + 1;
  }
  if (done === 0) throw new Error(`web-llm no longer calls ${name}`);
  return pieces.join('') + code.slice(done);
}
