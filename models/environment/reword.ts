/**
 * Rewords the tasks of conversations for training: in a share of them the task is asked for in other words (training
 * wordings alone, see wordings/paraphrase.ts). Only the task that is to be solved: the examples and guidelines of the
 * memories keep their templates, as banks have them. Conversations of other tasks than the official six stay as they are.
 *
 *     node --import tsx models/environment/reword.ts --data IN.jsonl --share 0.4 --seed 1 --out OUT.jsonl
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Random } from '../../src/base/random.ts';
import { reword } from './wordings/reword-conversation.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    share: { type: 'string', default: '0.4' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const { data, out, seed } = values;
const share = Number(values.share);
if (data === undefined || out === undefined) throw new Error('--data and --out are needed.');
if (!(share >= 0 && share <= 1)) throw new Error('--share is a number from 0 to 1.');

const random = new Random(`reword ${seed}`);
let reworded = 0;
const lines = readFileSync(data, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    // Drawn for every conversation, so that one more or less changes none of the others.
    const [drawn, own] = [random.chance(share), random.fork(String(random.int(2 ** 32)))];
    if (!drawn) return line;
    const conversation = JSON.parse(line);
    const messages = reword(conversation.messages, own);
    if (messages === undefined) return line;
    reworded++;
    return JSON.stringify({ ...conversation, messages });
  });
writeFileSync(out, lines.map((line) => `${line}\n`).join(''));
console.error(`${reworded} of ${lines.length} conversations reworded`);
