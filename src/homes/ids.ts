/**
 * Ids as the official files write them: a type and its position in metres, mangled so that PDDL takes them
 * (`Mug|-01.25|+00.90|+00.33` is Mug_bar__minus_01_dot_25_bar__plus_00_dot_90_bar__plus_00_dot_33). Since the engine
 * numbers things by the order of their ids, positions decide which cabinet is cabinet 1. All lengths are whole
 * centimetres, so that no platform rounds differently.
 */
import { table } from '../base/table.ts';

/** Centimetres: east, up, north. */
export interface Position {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A receptacle that is a part of something else carries that thing's name and ends in its own. */
const BASINS: Readonly<Record<string, string>> = table({ SinkBasin: 'Sink', BathtubBasin: 'Bathtub' });

export function formatId(type: string, { x, y, z }: Position): string {
  const whole = BASINS[type];
  const id = `${whole ?? type}_bar_${metres(x)}_bar_${metres(y)}_bar_${metres(z)}`;
  return whole === undefined ? id : `${id}_bar_${type}`;
}

/** @param gx grid steps of 25 cm, as @param gz; @param turn 0 to 3, north first; @param tilt degrees, down is positive. */
export function formatSpot(gx: number, gz: number, turn: number, tilt: number): string {
  return ['loc', signed(gx), signed(gz), turn, signed(tilt)].join('_bar_');
}

/** Gives ids that differ from each other: a thing that stands where another of its type is moves a centimetre. */
export class Ids {
  readonly #taken = new Set<string>();

  of(type: string, position: Position): string {
    let { x } = position;
    for (;;) {
      const id = formatId(type, { ...position, x });
      if (!this.#taken.has(id)) {
        this.#taken.add(id);
        return id;
      }
      x++;
    }
  }

  spot(gx: number, gz: number, turn: number, tilt: number): string {
    for (let step = gx; ; step++) {
      const id = formatSpot(step, gz, turn, tilt);
      if (!this.#taken.has(id)) {
        this.#taken.add(id);
        return id;
      }
    }
  }

  /** A copy that knows the same ids. */
  copy(): Ids {
    const copy = new Ids();
    for (const id of this.#taken) copy.#taken.add(id);
    return copy;
  }
}

function metres(centimetres: number): string {
  const size = Math.abs(centimetres);
  const text = `${pad(Math.floor(size / 100))}_dot_${pad(size % 100)}`;
  return centimetres < 0 ? `_minus_${text}` : `_plus_${text}`;
}

function pad(n: number): string {
  return String(n).padStart(2, '0');
}

function signed(n: number): string {
  return n < 0 ? `_minus_${-n}` : String(n);
}
