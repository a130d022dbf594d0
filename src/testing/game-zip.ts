/** Sets of games to give to the page. */
import { ZipFileWriter } from '../engine/import/index.ts';
import { generateHome } from '../homes/index.ts';

/** Homes in the official format, and one file that is broken. */
export async function zipOfGames(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const chunks: Uint8Array[] = [];
  const writer = new ZipFileWriter(
    new WritableStream({
      write: (chunk) => {
        chunks.push(chunk);
      },
    }),
  );
  for (let home = 200; home < 212; home++) {
    const game = generateHome(home).game(0);
    await writer.add(`valid/${game.key.split('/').slice(1).join('/')}/game.tw-pddl`, game.text);
  }
  await writer.add('valid/pick_and_place_simple-Broken-None-Desk-1/trial_x/game.tw-pddl', '{"broken"');
  await writer.close();
  return { name: 'games.zip', mimeType: 'application/zip', buffer: Buffer.concat(chunks) };
}
