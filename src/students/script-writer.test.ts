import { expect, test } from 'vitest';
import { CHARACTER_TOKENS, fakeRuntime } from '../testing/fake-runtime.ts';
import { createPocketStudent } from './pocket/session.ts';
import { createScriptWriter } from './script-writer.ts';

const source = {
  task: 'put a mug in shelf.',
  intro: 'A room.',
  steps: [{ thought: 'I look.', action: 'look', observation: 'You see.' }],
};

function writer(script: string) {
  const prompts: string[] = [];
  const runtime = fakeRuntime((tokens) => {
    const text = CHARACTER_TOKENS.decode(tokens);
    const said = text.slice(text.lastIndexOf('assistant\n') + 'assistant\n'.length);
    if (said === '') prompts.push(text);
    return said.length < script.length ? (script.codePointAt(said.length) ?? 0) + 2 : 0;
  });
  const parts = { runtime, tokenizer: CHARACTER_TOKENS, clock: () => 0 };
  const student = createPocketStudent({ identity: { name: 'p', weights: 'a'.repeat(64) }, ...parts });
  return { ...createScriptWriter(student), prompts, runtime };
}

test('a student writes the script of a trajectory with its thoughts', async () => {
  const { extract, name, prompts, runtime } = writer('Look first. Then');
  expect(await extract(source)).toEqual({
    ok: true,
    value: { taskName: 'put a mug in shelf', guidelines: 'Look first. Then' },
  });
  expect(name).toBe('p aaaaaaaaaaaa');
  expect(prompts.at(-1)).toContain('Thought: I look.\nAction: look');
  expect(runtime.open.size).toBe(0);
});

test('a reply that holds no script is a refusal, an endless one loses its last sentence', async () => {
  expect(await writer('').extract(source)).toMatchObject({ ok: false, error: { code: 'SCRIPT_EMPTY' } });
  const endless = await writer('Take it. '.repeat(60)).extract(source);
  expect(endless.ok && endless.value.guidelines).toMatch(/^(Take it\. )+Take it\.$/);
});
