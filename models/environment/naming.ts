/** Gives the chores of one prompt names of their own: every group's name gets another word each time. */
import type { Random, World } from '../../src/engine/index.ts';
import { World as Game } from '../../src/engine/world.ts';
import type { Memory } from './memories.ts';
import { TRAINING_NAMES } from './names.ts';

/** Not 'one at a time'. */
const NAME = /\b([Aa]t) (?!a )([a-z]\w*) time\b/g;

export class Naming {
  readonly #names = new Map<string, string>();
  readonly #free: string[];

  constructor(random: Random) {
    this.#free = random.shuffle([...TRAINING_NAMES]);
  }

  text(text: string): string {
    return text.replaceAll(NAME, (_, at: string, name: string) => `${at} ${this.#nameFor(name)} time`);
  }

  memory(memory: Memory): Memory {
    const { task, script, trajectory } = memory;
    if (!task.includes(' time')) return memory;
    return {
      ...memory,
      task: this.text(task),
      script: { taskName: this.text(script.taskName), guidelines: this.text(script.guidelines) },
      trajectory: { ...trajectory, intro: this.text(trajectory.intro) },
    };
  }

  world(world: World): World {
    const { intro, task } = world;
    return new Game({ ...world, start: world.startState, intro: this.text(intro), task: this.text(task) });
  }

  #nameFor(name: string): string {
    let given = this.#names.get(name);
    if (given === undefined) {
      given = this.#free.pop() ?? name;
      this.#names.set(name, given);
    }
    return given;
  }
}
