/** What the student read before a step: its prompt as it was given it, with roles, memories marked and tokens counted. */
import type { PromptReading, ReadPart } from '../../agent/prompt-reading.ts';
import type { Trace } from '../../agent/trace.ts';
import { formatTrace } from '../../agent/trace-file.ts';
import { formatRefusal, type Result } from '../../base/result.ts';
import { agent } from '../worker-client.ts';
import { useAnswer } from './use-answer.ts';
import { plural } from './words.ts';
import '../styles/reading.css';

/** Whether the student of an episode reads prompts that can be shown. */
export function canBeRead({ student }: Trace['header']): boolean {
  return student.kind === 'pocket' || student.kind === 'smollm2';
}

interface ReadingProps {
  readonly trace: Trace;
  /** From 1. */
  readonly step: number;
}

/** Undefined while it is put together. */
function useReading({ trace, step }: ReadingProps): Result<PromptReading> | undefined {
  // What came before a step doesn't change, whatever is added behind it.
  const text = formatTrace({ ...trace, steps: trace.steps.slice(0, step), end: undefined });
  return useAnswer([text, step], () => agent().readPrompt(text, step));
}

/** Only what it had no words for, and what it read in their place; nothing where it had words for all. */
export function StandIns(props: ReadingProps) {
  const answer = useReading(props);
  return answer?.ok ? <StandInNote {...answer.value} /> : null;
}

function StandInNote({ standIns }: Pick<PromptReading, 'standIns'>) {
  return standIns.map(({ name, word }) => (
    <p key={name} className="notice">
      This student has no word for “{name}”. Wherever you read <b>{name} time</b>, it read <b>{word} time</b>,
      which means nothing to it either until a memory says what it is.
    </p>
  ));
}

export function Reading(props: ReadingProps) {
  const answer = useReading(props);
  if (answer === undefined) return <p className="quiet">Putting its prompt together …</p>;
  if (!answer.ok) return <p className="notice bad">{formatRefusal(answer.error)}</p>;
  const { messages, tokens, standIns, droppedTurns } = answer.value;
  return (
    <>
      <StandInNote standIns={standIns} />
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
