/** What an episode goes on from, where it branches off from another one. */
import { formatRefusal, type Refusal } from '../../base/result.ts';
import { inSentence, MEMORY_NAMES, studentName } from '../parts/words.ts';
import type { OpenedTrace } from '../replay/use-replay.ts';
import { formatRoute, type PlaySetup, setupParams } from '../route.ts';

export function BranchNote({ setup, off: { trace } }: { setup: PlaySetup; off: OpenedTrace }) {
  const { header, steps } = trace;
  return (
    <p className="branch-note">
      Goes on after step {steps.length} of an episode by {studentName(header.student.kind)},{' '}
      {inSentence(MEMORY_NAMES[header.settings.memory])}. <FromTheStart setup={setup} />
    </p>
  );
}

/** In the place of an episode whose beginning can't be read. */
export function NoBranch({ setup, refusal }: { setup: PlaySetup; refusal: Refusal }) {
  return (
    <div className="prose">
      <h1>This can't be gone on with</h1>
      <p className="notice bad">{formatRefusal(refusal)}</p>
      <p>
        <FromTheStart setup={setup} />
      </p>
    </div>
  );
}

function FromTheStart({ setup }: { setup: PlaySetup }) {
  return <a href={formatRoute('play', setupParams({ ...setup, from: undefined }))}>Play it from the start</a>;
}
