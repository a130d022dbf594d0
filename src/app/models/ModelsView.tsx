/** Models: who can play on this device, what it takes to have the larger ones, and how they compare. */
import { useEffect, useState } from 'react';
import { formatRefusal } from '../../base/result.ts';
import type { ModelCard } from '../../protocol/models.ts';
import { SMOLLM2_ID } from '../../students/smollm2/base.ts';
import { type DeviceFacts, preflight } from '../../weights/preflight.ts';
import { useOnline } from '../offline.ts';
import { size } from '../parts/words.ts';
import { AdapterList } from '../practice/AdapterList.tsx';
import { PracticePanel } from '../practice/PracticePanel.tsx';
import { BringYourOwn } from './BringYourOwn.tsx';
import { deviceFacts } from './device-facts.ts';
import { ModelCardView } from './ModelCardView.tsx';
import { listModels, pauseModel, removeModel, startDownload, useModels } from './models-store.ts';
import { PaperTable } from './PaperTable.tsx';
import { PocketCard } from './PocketCard.tsx';
import { SmolLm2Card } from './SmolLm2Card.tsx';
import '../styles/models.css';

export default function ModelsView() {
  const { cards, problem, progress, merging, refusals, freed } = useModels();
  const online = useOnline();
  const [facts, setFacts] = useState<DeviceFacts>();
  /** Other quantisations that were asked for. */
  const [opened, setOpened] = useState<readonly string[]>([]);
  useEffect(() => void listModels(), []);
  // Room and network change with every download.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the facts change with
  useEffect(() => void deviceFacts().then(setFacts), [online, cards]);

  const show = (id: string): void => {
    setOpened([...opened, id]);
    requestAnimationFrame(() => document.getElementById(`model-${id}`)?.scrollIntoView({ block: 'nearest' }));
  };
  return (
    <div className="models">
      <h1>Models</h1>
      <p className="lead">
        Students that run on this device. The pocket student is part of the page; SmolLM2 and the 4B student
        of the paper are downloaded only when you say so, and then work offline.
      </p>
      {!online && (
        <p className="notice">You're offline: models that are here play, and a folder can be imported.</p>
      )}
      {freed !== undefined && (
        <p className="notice good" role="status">
          Deleted; <b>{size(freed)}</b> are free again.
        </p>
      )}
      {problem !== undefined && <p className="notice bad">{formatRefusal(problem)}</p>}
      <div className="model-cards">
        <PocketCard />
        {cards === undefined && problem === undefined && <p className="quiet">Checking what's here …</p>}
        {cards
          ?.filter(({ id }) => id === SMOLLM2_ID)
          .map((card) => (
            <SmolLm2Card
              key={card.id}
              card={card}
              facts={facts}
              progress={progress.get(card.id)}
              merging={merging}
              refusal={refusals.get(card.id)}
            />
          ))}
        {shown(cards ?? [], opened).map((card) => (
          <ModelCardView
            key={card.id}
            card={card}
            preflight={facts === undefined ? undefined : preflight(wanted(card), facts)}
            progress={progress.get(card.id)}
            refusal={refusals.get(card.id)}
            onFetch={() => void startDownload(card.id)}
            onPause={() => void pauseModel(card.id)}
            onRemove={() => void removeModel(card.id)}
            onInstead={show}
          />
        ))}
      </div>
      {/* Not before the cards, which would push it away. */}
      {(cards ?? problem) !== undefined && (
        <>
          {__POCKET_BYTES__ > 0 && (
            <>
              <PracticePanel />
              <AdapterList />
            </>
          )}
          <BringYourOwn facts={facts} />
          <PaperTable />
        </>
      )}
    </div>
  );
}

/** Other quantisations of a model are shown once there is something to them. */
function shown(cards: readonly ModelCard[], opened: readonly string[]): readonly ModelCard[] {
  const others = new Set(cards.map(({ instead }) => instead));
  return cards.filter(
    ({ id, state }) => id !== SMOLLM2_ID && (!others.has(id) || state !== 'absent' || opened.includes(id)),
  );
}

function wanted({ instead, ...card }: ModelCard) {
  return { ...card, ...(instead === undefined ? {} : { instead }) };
}
