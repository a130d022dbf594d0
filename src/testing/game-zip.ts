/** Sets of games to give to the page. */
import { ZipFileWriter } from '../engine/import/index.ts';
import { generateHome } from '../homes/index.ts';

/** What people said of each game, as ALFRED's files have it. */
export const PEOPLE_SAID = 'Please bring the thing to where it belongs.';
const PEOPLE = JSON.stringify({
  task_type: 'pick_and_place_simple',
  pddl_params: { object_target: '', parent_target: '', toggle_target: '', mrecep_target: '' },
  turk_annotations: { anns: [{ task_desc: PEOPLE_SAID }] },
});

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
    const folder = `valid/${game.key.split('/').slice(1).join('/')}`;
    await writer.add(`${folder}/game.tw-pddl`, game.text);
    await writer.add(`${folder}/traj_data.json`, PEOPLE);
  }
  await writer.add('valid/pick_and_place_simple-Broken-None-Desk-1/trial_x/game.tw-pddl', '{"broken"');
  await writer.close();
  return { name: 'games.zip', mimeType: 'application/zip', buffer: Buffer.concat(chunks) };
}
