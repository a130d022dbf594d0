/** Says what this browser, or this address, doesn’t let the page keep. It plays all the same. */
import { useEffect, useState } from 'react';

type Limit = 'blocked' | 'insecure' | undefined;

const SENTENCES: Readonly<Record<NonNullable<Limit>, string>> = {
  blocked:
    'This browser keeps nothing for this page (site data is blocked): it plays, but choices, memories, runs, episodes and imported games are gone when the tab is closed, and it doesn’t open without a network.',
  insecure:
    'This address has no https: the page plays and keeps what you do, but it doesn’t open without a network, can’t use the GPU and can’t fetch models.',
};

export function KeepingNote() {
  const [limit, setLimit] = useState<Limit>();
  useEffect(() => {
    void findLimit().then(setLimit);
  }, []);
  if (limit === undefined) return null;
  return (
    <p className="update" role="status">
      {SENTENCES[limit]}{' '}
      <button type="button" onClick={() => setLimit(undefined)}>
        All right
      </button>
    </p>
  );
}

async function findLimit(): Promise<Limit> {
  try {
    void localStorage.length;
    await indexedDB.databases?.();
  } catch {
    return 'blocked';
  }
  return window.isSecureContext ? undefined : 'insecure';
}
