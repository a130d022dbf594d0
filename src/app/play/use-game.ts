/** The game that an address names, and the tasks of its home. */
import { startTransition, useEffect, useState } from 'react';
import { readOwn } from '../../base/read-json.ts';
import type { Result } from '../../engine/index.ts';
import type { GameCard, GameSource, OpenedGame } from '../../protocol/agent.ts';
import { agent } from '../worker-client.ts';

/** Undefined while it is being made or read. */
export function useGame(source: GameSource): Result<OpenedGame> | undefined {
  const [opened, setOpened] = useState<{ id: string; game: Result<OpenedGame> }>();
  const id = JSON.stringify(source);
  useEffect(() => {
    let wanted = true;
    void agent()
      .openGame(readOwn<GameSource>(id))
      // A whole house is drawn then: bit by bit, with the page answering in between.
      .then((game) => wanted && startTransition(() => setOpened({ id, game })));
    return () => {
      wanted = false;
    };
  }, [id]);
  return opened?.id === id ? opened.game : undefined;
}

const LISTED = 12;

/** The first tasks of a home; empty while they are being made. */
export function useTasks(source: GameSource): readonly GameCard[] {
  const [home, chore] = source.kind === 'home' ? [source.home, source.chore] : [];
  const id = `${home} ${chore}`;
  const [listed, setListed] = useState<{ id: string; tasks: readonly GameCard[] }>();
  useEffect(() => {
    if (home === undefined) return;
    let wanted = true;
    void agent()
      .listTasks(home, LISTED, chore)
      .then((tasks) => wanted && tasks.ok && setListed({ id, tasks: tasks.value }));
    return () => {
      wanted = false;
    };
  }, [id, home, chore]);
  return listed?.id === id ? listed.tasks : [];
}
