/** A student as a writer of scripts: the student-made memories of the paper's baseline. */
import { readScript, type SolvedTask, scriptMessages } from '../agent/script-prompt.ts';
import { ok, type Result, refuse } from '../engine/result.ts';
import type { Script, ScriptExtractor } from '../teacher/script.ts';
import type { Student } from './student.ts';

/** A script has about 70 words; in tokens of a language model twice as many at most. */
const SCRIPT_TOKENS = 200;

/** Codes: SCRIPT_EMPTY (the student wrote nothing that can be used), and those of its replies. */
export function createScriptWriter(student: Student): ScriptExtractor {
  const { name, weights } = student.identity;
  return {
    name: weights === undefined ? name : `${name} ${weights.slice(0, 12)}`,
    async extract({ task, home, intro, steps }): Promise<Result<Script>> {
      const solved: SolvedTask = {
        task,
        ...(home === undefined ? {} : { home }),
        intro,
        steps: steps.map((step) => ({ thought: '', ...step })),
      };
      const messages = scriptMessages(solved);
      const view = { intro, steps: [], scripts: [], admissible: () => [] };
      const conversation = student.open();
      try {
        const reply = await conversation.reply({ messages, view, maxTokens: SCRIPT_TOKENS });
        if (!reply.ok) return reply;
        const { text, finish } = reply.value;
        const script = readScript(solved, text, finish === 'stop' ? 'stop' : 'length');
        return script === undefined ? refuse('SCRIPT_EMPTY', 'The student wrote no script.') : ok(script);
      } finally {
        await conversation.dispose();
      }
    },
  };
}
