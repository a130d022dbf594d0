/** SmolLM2 on this device: fetched or picked, merged with the page's adapter at some strength, played, deleted. */
import { useId, useRef, useState } from 'react';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import type { MergeProgress, ModelCard } from '../../protocol/models.ts';
import { mergedToPlay, SMOLLM2_FILE, SMOLLM2_ID, SMOLLM2_MERGED_BYTES } from '../../students/smollm2/base.ts';
import type { DownloadProgress } from '../../weights/download/download.ts';
import type { MergedFile } from '../../weights/download/model-entry.ts';
import { type DeviceFacts, preflightOnCpu } from '../../weights/preflight.ts';
import { useInSight } from '../activities/activities.ts';
import { Button, PrimaryButton } from '../parts/Button.tsx';
import { DeviceFields } from '../parts/DeviceFields.tsx';
import { FactList } from '../parts/FactList.tsx';
import { FileField } from '../parts/FileField.tsx';
import { size } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { FetchProgress, MODEL_STATES } from './ModelCardView.tsx';
import {
  activityOf,
  fetchSmolLm2,
  MERGE_ACTIVITY,
  pauseModel,
  removeModel,
  startMerge,
} from './models-store.ts';
import { Preflight } from './Preflight.tsx';
import { SpeedPanel } from './SpeedPanel.tsx';

export interface SmolLm2CardProps {
  readonly card: ModelCard;
  readonly facts: DeviceFacts | undefined;
  readonly progress: DownloadProgress | undefined;
  readonly merging: MergeProgress | undefined;
  readonly refusal: Refusal | undefined;
}

export function SmolLm2Card({ card, facts, progress, merging, refusal }: SmolLm2CardProps) {
  const { title, about, bytes, present, contextLimit } = card;
  const heading = useId();
  useInSight(activityOf(SMOLLM2_ID));
  useInSight(MERGE_ACTIVITY);
  const merged = card.merged ?? [];
  const kept = merged.reduce((sum, one) => sum + one.bytes, 0);
  const fetching = card.state === 'fetching' && merging === undefined;
  const whole = present === bytes;
  const state = fetching ? 'fetching' : !whole ? card.state : merged.length > 0 ? 'ready' : 'partial';
  return (
    <article className="model-card" aria-labelledby={heading} id="model-smollm2">
      <header>
        <h2 id={heading}>{title}</h2>
        <span className={`model-state ${state}`}>
          {merging !== undefined
            ? 'being merged'
            : whole && merged.length === 0
              ? 'not merged'
              : MODEL_STATES[state]}
        </span>
      </header>
      <p>{about}</p>
      <FactList
        className="model-facts"
        facts={[
          ['Size', `${size(bytes)}, and ${size(SMOLLM2_MERGED_BYTES)} for each merge`],
          ['Model', '135 million parameters'],
          ['Runs on', 'the CPU, or the GPU'],
          ['Context', `${contextLimit.toLocaleString('en')} tokens`],
        ]}
      />
      {fetching && <FetchProgress progress={progress} bytes={bytes} present={present} />}
      {card.state === 'partial' && !whole && (
        <p>
          {size(present)} of {size(bytes)} are here, verified when they came.
        </p>
      )}
      {merging !== undefined && <Merging {...merging} />}
      {refusal !== undefined && <p className="notice bad">{formatRefusal(refusal)}</p>}
      {!whole && !fetching && (
        <Preflight
          card={
            facts && preflightOnCpu({ bytes: bytes + SMOLLM2_MERGED_BYTES, present, memoryMB: 400 }, facts)
          }
        />
      )}
      {whole && merging === undefined && <Merge merged={merged} />}
      {whole && merged.length > 0 && (
        <>
          <DeviceFields student="smollm2" />
          <SpeedPanel student="smollm2" />
        </>
      )}
      {!whole && !fetching && <Bring missing={bytes - present} begun={present > 0} />}
      {(whole || present > 0 || fetching) && (
        <p className="row">
          {merged.length > 0 && (
            <a className="button primary" href={formatRoute('play', playing(merged))}>
              Play with it
            </a>
          )}
          {(fetching || merging !== undefined) && (
            <Button onClick={() => void pauseModel(SMOLLM2_ID)}>Pause</Button>
          )}
          <Button onClick={() => void removeModel(SMOLLM2_ID)}>
            {fetching ? 'Cancel' : `Delete its ${size(present + kept)}`}
          </Button>
        </p>
      )}
    </article>
  );
}

function playing(merged: readonly MergedFile[]): Record<string, string> {
  const one = mergedToPlay(merged);
  return {
    student: 'smollm2',
    ...(one === undefined || one.strength === 1 ? {} : { model: String(one.strength) }),
  };
}

function Merging({ bytesDone, bytes }: MergeProgress) {
  return (
    <div className="download" role="status">
      <progress max={bytes} value={bytesDone} aria-label="Merged" />
      <p>
        Merging base and adapter: {size(bytesDone)} of {size(bytes)}
      </p>
    </div>
  );
}

/** From its host, or from a file of this computer. */
function Bring({ missing, begun }: { missing: number; begun: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <p className="row">
        <PrimaryButton onClick={() => void fetchSmolLm2()}>
          {begun ? `Resume, ${size(missing)} to go` : `Fetch ${size(missing)}`}
        </PrimaryButton>
        <Button onClick={() => field.current?.click()}>Pick the file</Button>
        <FileField
          label="SmolLM2's file"
          accept=".gguf"
          openedBy={field}
          onFiles={([file]) => void fetchSmolLm2(file)}
        />
      </p>
      <p className="quiet hosts">
        Asks {new URL(SMOLLM2_FILE.url).host}, or takes {SMOLLM2_FILE.name} from this computer; its SHA-256 is
        checked before it's used. Then it's merged with this page's adapter.
      </p>
    </>
  );
}

/** Which strengths are here, and another one. */
function Merge({ merged }: { merged: readonly MergedFile[] }) {
  const id = useId();
  const [strength, setStrength] = useState(1);
  const here = merged.some((one) => one.strength === strength);
  return (
    <>
      <p>
        {merged.length === 0
          ? 'Nothing is merged yet.'
          : `Merged here: ${merged
              .map((one) => one.strength)
              .sort((a, b) => b - a)
              .map(strengthName)
              .join(', ')}.`}
      </p>
      <p className="row">
        <label htmlFor={id}>Strength of the adapter</label>
        <input
          id={id}
          type="range"
          min={0}
          max={1}
          step={0.1}
          value={strength}
          aria-valuetext={strengthName(strength)}
          onChange={(event) => setStrength(Number(event.target.value))}
        />
        <Button onClick={() => void startMerge(strength)}>
          {here ? 'Merge again' : 'Merge'}: {strengthName(strength)}
        </Button>
      </p>
    </>
  );
}

function strengthName(strength: number): string {
  if (strength === 0) return 'the base without adapter';
  return strength === 1 ? 'as trained' : `strength ${strength}`;
}
