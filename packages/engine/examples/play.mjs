// Plays a home of a seed by its own walkthrough: node examples/play.mjs
import { parseGame } from 'duomem-engine';
import { generateHome } from 'duomem-engine/homes';

const world = parseGame(generateHome(7).game(0).text);
if (!world.ok) throw new Error(world.error.message);
const episode = world.value.start();
console.log(world.value.intro);
for (const command of world.value.walkthrough ?? []) {
  console.log(`> ${command}\n${episode.step(command)}`);
}
console.log(episode.won ? 'won' : 'not won', episode.admissible().length, 'commands are accepted now');
