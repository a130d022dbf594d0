/** One model: what it is, how it stands with it on this device, and what can be done. */
import { useId, useState } from 'react';
import { formatRefusal, type Refusal } from '../../base/result.ts';
import type { ModelCard } from '../../protocol/models.ts';
import type { DownloadProgress } from '../../weights/download/download.ts';
import type { PreflightCard } from '../../weights/preflight.ts';
import { useInSight } from '../activities/activities.ts';
import { Button, PrimaryButton } from '../parts/Button.tsx';
import { FactList } from '../parts/FactList.tsx';
import { size } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { agent } from '../worker-client.ts';
import { activityOf } from './models-store.ts';
import { Preflight } from './Preflight.tsx';
import { SpeedPanel } from './SpeedPanel.tsx';
import { hostsOf, parametersInWords, told, whence } from './words.ts';

export interface ModelCardProps {
  readonly card: ModelCard;
  readonly preflight: PreflightCard | undefined;
  readonly progress: DownloadProgress | undefined;
  readonly refusal: Refusal | undefined;
  readonly onFetch: () => void;
  readonly onPause: () => void;
  readonly onRemove: () => void;
  /** Leads to another quantisation. */
  readonly onInstead: (id: string) => void;
}

/** How it stands with a model on this device. */
export const MODEL_STATES = {
  absent: 'not here',
  partial: 'begun',
  fetching: 'downloading',
  ready: 'ready',
} as const;

export function ModelCardView(props: ModelCardProps) {
  const { card, preflight, progress, refusal } = props;
  const { title, about, origin, quantization, contextLimit, thinking, bytes, present, state } = card;
  const heading = useId();
  useInSight(activityOf(card.id));
  return (
    <article className="model-card" aria-labelledby={heading} id={`model-${card.id}`}>
      <header>
        <h2 id={heading}>{title}</h2>
        <span className={`model-state ${state}`}>{MODEL_STATES[state]}</span>
      </header>
      <p>{about === '' && origin !== undefined ? `From ${whence(origin)}.` : about}</p>
      <FactList
        className="model-facts"
        facts={[
          ['Size', size(bytes)],
          ['Model', parametersInWords(card)],
          ['Weights', quantization],
          ['Context', `${contextLimit.toLocaleString('en')} tokens`],
          ['GPU memory', size(card.gpuMemoryMB * 1e6)],
          ['Thinking', thinking === 'never' ? 'knows none' : 'off, can be switched on'],
        ]}
      />
      {state === 'fetching' && <FetchProgress progress={progress} bytes={bytes} present={present} />}
      {state === 'partial' && (
        <p>
          {size(present)} of {size(bytes)} are here, verified when they came.
        </p>
      )}
      {refusal !== undefined && <p className="notice bad">{formatRefusal(refusal)}</p>}
      {state !== 'ready' && state !== 'fetching' && <Preflight card={preflight} />}
      {state === 'ready' && <SpeedPanel student="mlc" model={card.id} />}
      <Actions {...props} />
    </article>
  );
}

export function FetchProgress({
  progress,
  bytes,
  present,
}: {
  progress: DownloadProgress | undefined;
  bytes: number;
  present: number;
}) {
  const done = progress?.bytesDone ?? present;
  const total = progress?.bytes ?? bytes;
  return (
    <div className="download" role="status">
      <progress max={Math.max(1, total)} value={done} aria-label="Fetched and verified" />
      <p>{progress === undefined ? 'Asking what there is to download …' : told(progress)}</p>
      {progress?.trouble !== undefined && <p className="quiet">{progress.trouble.message} Trying again.</p>}
    </div>
  );
}

function Actions({ card, preflight, onFetch, onPause, onRemove, onInstead }: ModelCardProps) {
  const { id, origin, state, bytes, present } = card;
  const [freed, setFreed] = useState(false);
  const refused = preflight?.verdict === 'refused';
  const remove = (
    <Button onClick={onRemove}>{state === 'fetching' ? 'Cancel' : `Delete its ${size(present)}`}</Button>
  );
  if (state === 'fetching') {
    return (
      <p className="row">
        <Button onClick={onPause}>Pause</Button>
        {remove}
      </p>
    );
  }
  if (state === 'ready') {
    return (
      <p className="row">
        <a className="button primary" href={formatRoute('play', { student: 'mlc', model: id })}>
          Play with it
        </a>
        <Button
          onClick={() => {
            void agent()
              .unloadModel()
              .then(() => setFreed(true));
          }}
        >
          Free its GPU memory
        </Button>
        {remove}
        <span role="status">{freed && 'Freed.'}</span>
      </p>
    );
  }
  if (origin === undefined) {
    return (
      <p className="row">
        <Button onClick={toBring}>Bring it</Button>
      </p>
    );
  }
  const { instead } = preflight ?? {};
  const folderGone = origin.kind === 'folder';
  return (
    <>
      <p className="row">
        {!folderGone && !(refused && instead !== undefined) && (
          <PrimaryButton disabled={preflight === undefined || refused} onClick={onFetch}>
            {state === 'partial' ? `Resume, ${size(bytes - present)} to go` : `Fetch ${size(bytes)}`}
          </PrimaryButton>
        )}
        {instead !== undefined && (
          <PrimaryButton onClick={() => onInstead(instead)}>See the 32-bit weights</PrimaryButton>
        )}
        {state === 'partial' && remove}
      </p>
      {folderGone ? (
        <p className="quiet">Pick the folder again to go on.</p>
      ) : (
        !refused && <p className="quiet hosts">Asks {hostsOf(origin)}; every file is verified.</p>
      )}
    </>
  );
}

function toBring(): void {
  const section = document.getElementById('bring');
  section?.scrollIntoView({ block: 'start' });
  section?.querySelector<HTMLElement>('button, input')?.focus();
}
