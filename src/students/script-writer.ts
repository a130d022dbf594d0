/** A student as a writer of scripts: the student-made memories of the paper's baseline. */
import { extractionMessages, parseScript, scriptMessages } from '../agent/extraction.ts';
import type { Result } from '../base/result.ts';
import type { Script, ScriptExtractor } from '../teacher/script.ts';
import type { Student } from './student.ts';

/** A script has about 70 words; in tokens of a language model twice as many at most. */
const SCRIPT_TOKENS = 200;

/**
 * @param request what it is asked, in place of the usual; not of the pocket student, which knows one request only
 * Codes: SCRIPT_EMPTY and SCRIPT_TOO_LONG (the student wrote nothing of use), and those of its replies.
 */
export function createScriptWriter(student: Student, request?: string): ScriptExtractor {
  const { name, weights } = student.identity;
  return {
    name: weights === undefined ? name : `${name} ${weights.slice(0, 12)}`,
    async extract({ task, home, intro, steps }): Promise<Result<Script>> {
      const solved = { intro, steps: steps.map((step) => ({ thought: '', ...step })) };
      const messages =
        student.identity.kind === 'pocket'
          ? extractionMessages(solved, home !== undefined)
          : scriptMessages(task, solved, request);
      const view = { intro, steps: [], scripts: [], admissible: () => [] };
      const conversation = student.open();
      try {
        const reply = await conversation.reply({ messages, view, maxTokens: SCRIPT_TOKENS });
        if (!reply.ok) return reply;
        const { text, finish } = reply.value;
        return parseScript(task, finish === 'stop' ? text : wholeSentences(text));
      } finally {
        await conversation.dispose();
      }
    },
  };
}

/** What was cut off at the limit loses its last sentence. */
function wholeSentences(text: string): string {
  return /^.*[.!?](?=\s|$)/s.exec(text)?.[0] ?? '';
}
