/** The student that ships with the page: it needs no download, and is the yardstick for the others. */
import { formatRefusal } from '../../base/result.ts';
import { FactList } from '../parts/FactList.tsx';
import { size } from '../parts/words.ts';
import { formatRoute } from '../route.ts';
import { POCKET_FILES, shippedBytes, useShippedParts } from '../shipped-parts.ts';
import { SpeedPanel } from './SpeedPanel.tsx';

export function PocketCard() {
  const parts = useShippedParts();
  const weight = parts?.ok
    ? size(shippedBytes(parts.value, POCKET_FILES))
    : parts && formatRefusal(parts.error);
  return (
    <article className="model-card" aria-labelledby="pocket-heading">
      <header>
        <h2 id="pocket-heading">Pocket student</h2>
        <span className={`model-state ${__POCKET_BYTES__ > 0 ? 'ready' : 'absent'}`}>
          {__POCKET_BYTES__ > 0 ? 'part of this page' : 'not in this build'}
        </span>
      </header>
      <p>A small model that this project trained. Nothing to download; it works offline.</p>
      <FactList
        className="model-facts"
        facts={[
          ['Size', weight ?? '…'],
          ['Model', '1.7 million parameters'],
          ['Runs on', 'the CPU, or the GPU'],
        ]}
      />
      {__POCKET_BYTES__ > 0 && (
        <>
          <SpeedPanel student="pocket" />
          <p className="row">
            <a className="button primary" href={formatRoute('play', { student: 'pocket' })}>
              Play with it
            </a>
            <a href={formatRoute('device')}>Where it runs</a>
          </p>
        </>
      )}
    </article>
  );
}
