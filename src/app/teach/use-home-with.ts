/** A home where a chore can be done: the first one from a number on, since not every home has what a chore needs. */
import { useEffect, useState } from 'react';
import { type Result, refuse } from '../../base/result.ts';
import type { OpenedGame } from '../../protocol/agent.ts';
import { agent } from '../worker-client.ts';

/** So many homes are looked through. */
const TRIED = 30;
const NOWHERE = `None of ${TRIED} homes has things that this could be done with. Choose another place, or something else to do.`;

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
    if (game.ok || game.error.code !== 'HOME_WITHOUT') return { home, game };
    if (home + 1 >= from + TRIED) return { home, game: refuse('HOME_WITHOUT', NOWHERE) };
  }
}
