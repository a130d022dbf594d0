/** A game that can be played: what never changes, and any number of episodes on it. */
import { Episode } from './episode.ts';
import { WorldData } from './world-data.ts';

export class World extends WorldData {
  /** A new episode at the start of the game. */
  start(): Episode {
    return new Episode(this);
  }
}
