/** What the student read before a step: its prompt as it was given it, with roles, memories marked and tokens counted. */
import { useEffect, useState } from 'react';
import type { PromptReading, ReadPart } from '../../agent/prompt-reading.ts';
import type { Trace } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import { formatRefusal, type Result } from '../../base/result.ts';
import { agent } from '../worker-client.ts';
import { plural } from './words.ts';
import '../styles/reading.css';

/** Whether the student of an episode reads prompts that can be shown. */
export function canBeRead({ student }: Trace['header']): boolean {
  return student.kind === 'pocket' || student.kind === 'smollm2';
}

export function Reading({ trace, step }: { trace: Trace; step: number }) {
  const [answer, setAnswer] = useState<Result<PromptReading>>();
  // What came before a step doesn't change, whatever is added behind it.
  const text = formatTrace({ ...trace, steps: trace.steps.slice(0, step), end: undefined });
  useEffect(() => {
    let wanted = true;
    setAnswer(undefined);
    void agent()
      .readPrompt(text, step)
      .then((read) => {
        if (wanted) setAnswer(read);
      });
    return () => {
      wanted = false;
    };
  }, [text, step]);
  if (answer === undefined) return <p className="quiet">Putting its prompt together …</p>;
  if (!answer.ok) return <p className="notice bad">{formatRefusal(answer.error)}</p>;
  const { messages, tokens, droppedTurns } = answer.value;
  return (
    <>
      <p className="quiet">
        {plural(messages.length, 'message')}
        {tokens !== undefined && `, ${plural(tokens, 'token')}`}
        {droppedTurns > 0 && `; the oldest ${plural(droppedTurns, 'turn')} were left out`}.
      </p>
      <ol className="reading">
        {messages.map(({ role, parts }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a prompt's messages have no other name, and don't move
          <li key={i}>
            <span className="role">{role}</span>
            {parts.map((part) => (
              <Part key={part.kind} {...part} />
            ))}
          </li>
        ))}
      </ol>
    </>
  );
}

const MARKS: Readonly<Partial<Record<ReadPart['kind'], string>>> = {
  reference: 'reference trajectory',
  scripts: 'scripts',
};

function Part({ kind, text, tokens }: ReadPart) {
  const mark = MARKS[kind];
  return (
    <div className={`read-part ${kind}`}>
      <span className="read-about">
        {mark !== undefined && <span className="tag">{mark}</span>}
        {tokens !== undefined && plural(tokens, 'token')}
      </span>
      <pre>{text}</pre>
    </div>
  );
}
