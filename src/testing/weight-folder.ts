/** A folder of weights that can be spoilt. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields } from '../base/json-fields.ts';
import { WEIGHT_MAP_NAME } from '../weights/weight-map.ts';

/** Its files are changed in place, so that one fault at a time is made. */
export class WeightFolder {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  remove(name: string): void {
    rmSync(join(this.path, name));
  }
  json(name: string, change: (fields: Fields) => Fields): void {
    const path = join(this.path, name);
    const fields = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify(change(fields)));
  }
  text(name: string, content: string): void {
    writeFileSync(join(this.path, name), content);
  }
  /** The file that holds a tensor. */
  holder(tensor: string): string {
    const found = this.weights().find((name) => readFileSync(join(this.path, name)).includes(`"${tensor}"`));
    if (found === undefined) throw new Error(`${tensor} is nowhere`);
    return found;
  }
  weights(): string[] {
    return readdirSync(this.path).filter((name) => name.endsWith('.safetensors'));
  }
  /** Puts a tensor into another file, as far as the index knows. */
  index(tensor: string, file: (there: unknown) => unknown): void {
    this.json(WEIGHT_MAP_NAME, (index) => {
      const map = index.weight_map as Fields;
      return { ...index, weight_map: { ...map, [tensor]: file(map[tensor]) } };
    });
  }
  /** Replaces text in a header by text of the same length. */
  header(tensor: string, from: string | RegExp, to: string): void {
    this.bytes(this.holder(tensor), (bytes) => {
      const length = Number(bytes.readBigUInt64LE());
      const text = bytes.toString('latin1', 8, 8 + length);
      const at = text.indexOf(`"${tensor}"`);
      const changed = text.slice(0, at) + text.slice(at).replace(from, to);
      if (changed === text) throw new Error(`${from} isn't in the header at ${tensor}`);
      bytes.write(changed.padEnd(length).slice(0, length), 8, 'latin1');
    });
  }
  bytes(name: string, change: (bytes: Buffer) => unknown): void {
    const path = join(this.path, name);
    const bytes = readFileSync(path);
    const changed = change(bytes);
    writeFileSync(path, changed instanceof Buffer ? changed : bytes);
  }
  /** Overwrites one number of a tensor. */
  value(tensor: string, index: number, write: (bytes: Buffer, at: number) => void, size = 2): void {
    this.bytes(this.holder(tensor), (bytes) => {
      const length = Number(bytes.readBigUInt64LE());
      const info = JSON.parse(bytes.toString('utf8', 8, 8 + length))[tensor];
      write(bytes, 8 + length + info.data_offsets[0] + size * index);
    });
  }
}
