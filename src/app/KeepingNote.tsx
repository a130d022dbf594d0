/** Says what this browser, or this address, doesn't let the page keep. It plays all the same. */
import { useEffect, useState } from 'react';
import { within } from '../base/within.ts';
import { Button } from './parts/Button.tsx';

type Limit = 'blocked' | 'insecure' | undefined;

const SENTENCES: Readonly<Record<NonNullable<Limit>, string>> = {
  blocked:
    "This browser keeps nothing for this page (site data is blocked): it plays, but choices, memories, runs, episodes and imported games are gone when the tab is closed, and it doesn't open without a network.",
  insecure:
    "This address has no https: the page plays and keeps what you do, but it doesn't open without a network, can't use the GPU and can't fetch models.",
};

/** Milliseconds; a database that doesn't answer keeps nothing either. */
const PATIENCE = 20_000;

export function KeepingNote() {
  const [limit, setLimit] = useState<Limit>();
  useEffect(() => {
    void findLimit().then(setLimit);
  }, []);
  if (limit === undefined) return null;
  return (
    <p className="update" role="status">
      {SENTENCES[limit]} <Button onClick={() => setLimit(undefined)}>All right</Button>
    </p>
  );
}

async function findLimit(): Promise<Limit> {
  try {
    void localStorage.length;
    await within(PATIENCE, "The browser's database", indexedDB.databases?.() ?? Promise.resolve());
  } catch {
    return 'blocked';
  }
  return window.isSecureContext ? undefined : 'insecure';
}
