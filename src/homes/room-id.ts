/** Which memories belong together: receptacles are numbered room by room, so a home remembers room by room too. */
import { type HomeKey, homeId } from './key.ts';

/** The home and the room of a game, as its memories are filed: `home_7_h100_s000_r000_kitchen`. */
export function roomId(key: HomeKey): string {
  return `${homeId(key)}_${key.room.replace(' ', '')}`;
}
