/** A home where a chore can be done: the first one from a number on, since not every home has what a chore needs. */
import { useEffect, useState } from 'react';
import type { Result } from '../../base/result.ts';
import type { OpenedGame } from '../../protocol/agent.ts';
import { agent } from '../worker-client.ts';

/** So many homes are looked through. */
const TRIED = 30;

export interface HomeWith {
  readonly home: number;
  readonly game: Result<OpenedGame>;
}

/** Undefined while it is being looked for, and where there is no chore. */
export function useHomeWith(chore: string | undefined, from: number | undefined): HomeWith | undefined {
  const [found, setFound] = useState<HomeWith & { readonly id: string }>();
  const id = `${chore} ${from}`;
  useEffect(() => {
    if (chore === undefined || from === undefined) return;
    let wanted = true;
    void look(chore, from).then((home) => wanted && setFound({ ...home, id }));
    return () => {
      wanted = false;
    };
  }, [chore, from, id]);
  return found?.id === id ? found : undefined;
}

async function look(chore: string, from: number): Promise<HomeWith> {
  for (let home = from; ; home++) {
    const game = await agent().openGame({ kind: 'home', home, task: 0, chore });
    if (game.ok || game.error.code !== 'HOME_WITHOUT' || home >= from + TRIED) return { home, game };
  }
}
