/** Words that wordings are composed of, besides the names of things and places (src/player/lexicon.ts). */

import type { Treatment } from '../../../src/base/task-types.ts';
/** A verb as frames need it: `wash it`, `it needs to be washed`; what stands behind `off` follows the thing. */
export interface Verb {
  readonly bare: string;
  readonly gerund: string;
  readonly done: string;
  /** `rinse it off`. */
  readonly particle?: string;
}

export interface Treating {
  readonly verbs: readonly Verb[];
  /** Of a thing to which it was done: `chilled`. */
  readonly states: readonly string[];
}

export interface Words {
  readonly put: readonly Verb[];
  readonly get: readonly string[];
  readonly look: readonly string[];
  readonly light: readonly string[];
  readonly two: readonly string[];
  readonly treat: Readonly<Record<Exclude<Treatment, 'slice'>, Treating>>;
}

const verb = (bare: string, gerund: string, done: string, particle?: string): Verb => ({
  bare,
  gerund,
  done,
  ...(particle === undefined ? {} : { particle }),
});

export const TRAINING: Words = {
  put: [
    verb('put', 'putting', 'put'),
    verb('place', 'placing', 'placed'),
    verb('set', 'setting', 'set'),
    verb('leave', 'leaving', 'left'),
    verb('stick', 'sticking', 'stuck'),
    verb('drop', 'dropping', 'dropped'),
    verb('lay', 'laying', 'laid'),
    verb('store', 'storing', 'stored'),
    verb('move', 'moving', 'moved'),
  ],
  get: ['get', 'find', 'grab', 'fetch', 'take', 'pick up'],
  look: ['look at', 'examine', 'check', 'have a look at', 'take a look at', 'read', 'view'],
  light: ['turn on', 'switch on', 'light', 'put on'],
  two: ['two', '2', 'a couple of', 'a pair of'],
  treat: {
    clean: {
      verbs: [
        verb('clean', 'cleaning', 'cleaned'),
        verb('wash', 'washing', 'washed'),
        verb('rinse', 'rinsing', 'rinsed'),
        verb('rinse', 'rinsing', 'rinsed', 'off'),
        verb('scrub', 'scrubbing', 'scrubbed'),
        verb('wash', 'washing', 'washed', 'off'),
      ],
      states: ['clean', 'washed', 'rinsed', 'freshly washed', 'cleaned'],
    },
    heat: {
      verbs: [
        verb('heat', 'heating', 'heated'),
        verb('heat', 'heating', 'heated', 'up'),
        verb('warm', 'warming', 'warmed'),
        verb('warm', 'warming', 'warmed', 'up'),
        verb('microwave', 'microwaving', 'microwaved'),
      ],
      states: ['hot', 'warm', 'heated', 'warmed', 'microwaved', 'heated up', 'warmed up'],
    },
    cool: {
      verbs: [
        verb('cool', 'cooling', 'cooled'),
        verb('cool', 'cooling', 'cooled', 'down'),
        verb('chill', 'chilling', 'chilled'),
        verb('refrigerate', 'refrigerating', 'refrigerated'),
        verb('cool', 'cooling', 'cooled', 'off'),
      ],
      states: ['cold', 'cool', 'chilled', 'cooled', 'refrigerated', 'cooled down'],
    },
  },
};
