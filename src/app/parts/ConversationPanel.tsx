/**
 * What was said, done and seen, turn by turn. Each of the three has a voice of its own: the thought is set in
 * italics, the action as a command, the observation as plain text.
 */
import { memo, type RefObject, useEffect, useRef } from 'react';
import type { TraceStep } from '../../agent/trace.ts';
import { NOTHING_HAPPENS } from '../../engine/texts.ts';
import { Store, useStore } from '../store.ts';

interface ConversationProps {
  readonly steps: readonly TraceStep[];
  /** The reply that is being written. */
  readonly saying?: Store<string>;
  /** Which step is looked at, from 1; for replays. */
  readonly chosen?: number;
  readonly onChoose?: (step: number) => void;
  /** Asks why a step was taken. */
  readonly onWhy?: ((step: number) => void) | undefined;
  /** Shows what the student read before a step. */
  readonly onRead?: ((step: number) => void) | undefined;
  /** So many first steps were taken over from another episode: its player isn't here to be asked. */
  readonly takenOver?: number | undefined;
  readonly label?: string;
  readonly empty: React.ReactNode;
  readonly ending?: React.ReactNode;
}

const SILENCE = new Store('');

export function ConversationPanel({
  steps,
  saying = SILENCE,
  chosen,
  onChoose,
  onWhy,
  onRead,
  takenOver = 0,
  label = 'Conversation',
  empty,
  ending,
}: ConversationProps) {
  const list = useRef<HTMLOListElement>(null);
  useInView(list, chosen, `${steps.length} ${ending === undefined}`);
  // What appears below the list makes it shorter: its end stays in sight.
  const live = chosen === undefined;
  useEffect(() => {
    const element = list.current;
    if (element === null || !live) return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [live]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <ol className="talk" ref={list} tabIndex={0} aria-label={label}>
      {steps.map((step) => (
        <Turn
          key={step.step}
          step={step}
          current={chosen === step.step}
          onChoose={onChoose}
          onWhy={step.step > takenOver ? onWhy : undefined}
          onRead={step.step > takenOver ? onRead : undefined}
          last={step.step === takenOver}
        />
      ))}
      <Saying saying={saying} list={list} chosen={chosen} empty={steps.length === 0 ? empty : undefined} />
      {ending !== undefined && <li className="ending">{ending}</li>}
    </ol>
  );
}

interface SayingProps {
  readonly saying: Store<string>;
  readonly list: RefObject<HTMLElement | null>;
  readonly chosen: number | undefined;
  /** Shown while nothing has been said at all. */
  readonly empty: React.ReactNode;
}

/** The reply that is being written. It alone is drawn anew with every word. */
function Saying({ saying, list, chosen, empty }: SayingProps) {
  const text = useStore(saying);
  useInView(list, chosen, text !== '');
  if (text === '') return empty === undefined ? null : <li className="talk-empty">{empty}</li>;
  return (
    <li className="turn saying">
      <p className="thought">{text.replace(/^Thought:\s*/, '').replace(/\n?Action:\s*/, ' → ')}</p>
    </li>
  );
}

/** Scrolls when something was added, or another step is looked at. @param shown what stands in the list, to compare */
function useInView(list: RefObject<HTMLElement | null>, chosen: number | undefined, shown: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: also when what is shown changed
  useEffect(() => {
    // Where things lie is asked when the browser lays the frame out anyway: here it would do so within React's task.
    const frame = requestAnimationFrame(() => {
      if (list.current !== null) bringIntoView(list.current, chosen);
    });
    return () => cancelAnimationFrame(frame);
  }, [list, chosen, shown]);
}

interface TurnProps {
  readonly step: TraceStep;
  readonly current: boolean;
  readonly onChoose: ((step: number) => void) | undefined;
  readonly onWhy: ((step: number) => void) | undefined;
  readonly onRead: ((step: number) => void) | undefined;
  /** The last one that was taken over. */
  readonly last: boolean;
}

/** Drawn once: a step doesn't change. */
const Turn = memo(function Turn({ step, current, onChoose, onWhy, onRead, last }: TurnProps) {
  const { thought, action, observation, outcome } = step;
  const refused = observation === NOTHING_HAPPENS;
  const number =
    onChoose === undefined ? (
      <span className="turn-number">{step.step}</span>
    ) : (
      <button
        type="button"
        className="turn-number"
        aria-label={`Show step ${step.step}`}
        aria-pressed={current}
        onClick={() => onChoose(step.step)}
      >
        {step.step}
      </button>
    );
  return (
    <li className={`turn${current ? ' current' : ''}${refused ? ' refused' : ''}${last ? ' branch' : ''}`}>
      {number}
      {thought !== '' && <p className="thought">{thought}</p>}
      <p className="action">{action === '' ? <i>no action ({outcome.replace('-', ' ')})</i> : action}</p>
      {onWhy !== undefined && (
        <button
          type="button"
          className="link turn-why"
          aria-label={`Why step ${step.step}?`}
          onClick={() => onWhy(step.step)}
        >
          Why?
        </button>
      )}
      {onRead !== undefined && (
        <button
          type="button"
          className="link turn-read"
          aria-label={`What it read before step ${step.step}`}
          onClick={() => onRead(step.step)}
        >
          What it read
        </button>
      )}
      <p className="observation">{observation}</p>
    </li>
  );
});

/** Scrolls the list, and never the page: its reader stays where they are. @param chosen a step; otherwise the end. */
function bringIntoView(list: HTMLElement, chosen: number | undefined): void {
  const item = chosen === undefined ? list.lastElementChild : list.children[chosen - 1];
  if (!(item instanceof HTMLElement)) return;
  const target = item.offsetTop - list.offsetTop + item.offsetHeight - list.clientHeight;
  const above = item.offsetTop - list.offsetTop < list.scrollTop;
  if (chosen === undefined || above || target > list.scrollTop) list.scrollTop = target + 8;
}
