/**
 * Words and sentences that are in no training of a student: what it does with these says what it'd do with words that
 * nobody thought of. The reader of people's words (src/player) knows many of them.
 */
import type { FrameSet } from './frames.ts';
import type { Words } from './words.ts';

export const HELD_OUT_THINGS: Readonly<Record<string, readonly string[]>> = {
  alarmclock: ['bedside clock'],
  apple: ['red apple'],
  book: ['paperback'],
  bowl: ['cereal bowl'],
  box: ['carton'],
  bread: ['sourdough'],
  butterknife: ['bread-and-butter knife'],
  candle: ['tea light'],
  cd: ['record'],
  cellphone: ['iphone', 'handset'],
  cloth: ['dishcloth'],
  creditcard: ['debit card'],
  cup: ['tumbler'],
  dishsponge: ['scouring pad', 'scrubbing sponge'],
  egg: ["hen's egg"],
  fork: ['salad fork'],
  handtowel: ['guest towel'],
  kettle: ['teakettle'],
  keychain: ['car keys'],
  knife: ["chef's knife", 'carving knife'],
  ladle: ['serving ladle'],
  laptop: ['macbook'],
  lettuce: ['salad'],
  mug: ['tea mug'],
  newspaper: ['gazette', 'morning paper'],
  pan: ['skillet'],
  pen: ['biro'],
  peppershaker: ['pepper mill'],
  pillow: ['throw pillow'],
  plate: ['side plate'],
  pot: ['stockpot'],
  potato: ['spud'],
  remotecontrol: ['clicker'],
  saltshaker: ['salt cellar'],
  soapbar: ['cake of soap'],
  soapbottle: ['hand soap', 'liquid soap'],
  spatula: ['turner'],
  spoon: ['tablespoon'],
  spraybottle: ['spritzer'],
  statue: ['statuette'],
  tissuebox: ['kleenex'],
  toiletpaper: ['loo roll'],
  tomato: ['ripe tomato'],
  vase: ['glass vase'],
  watch: ['timepiece'],
  wateringcan: ['sprinkling can'],
  winebottle: ['bottle of red'],
};

export const HELD_OUT_PLACES: Readonly<Record<string, readonly string[]>> = {
  armchair: ['recliner'],
  bed: ['mattress'],
  cabinet: ['kitchen cupboard', 'wall cabinet'],
  cart: ['pushcart'],
  coffeemachine: ['coffee brewer'],
  coffeetable: ['low table'],
  countertop: ['worktop', 'kitchen counter top'],
  desk: ['office desk'],
  diningtable: ['dining-room table', 'breakfast table'],
  drawer: ['pull-out drawer'],
  dresser: ['bureau'],
  fridge: ['icebox', 'refrigerator unit'],
  garbagecan: ['rubbish bin', 'wastebasket'],
  microwave: ['microwave unit'],
  ottoman: ['pouf', 'footstool'],
  safe: ['strongbox'],
  shelf: ['ledge'],
  sidetable: ['nightstand'],
  sofa: ['settee'],
  stoveburner: ['hob', 'hotplate'],
  toilet: ['commode', 'toilet cistern'],
  toiletpaperhanger: ['loo roll holder'],
};

export const HELD_OUT_LAMPS: Readonly<Record<string, readonly string[]>> = {
  desklamp: ['reading light', 'study lamp'],
  floorlamp: ['standard lamp'],
};

export const HELD_OUT: Words = {
  put: [
    { bare: 'pop', gerund: 'popping', done: 'popped' },
    { bare: 'park', gerund: 'parking', done: 'parked' },
    { bare: 'stash', gerund: 'stashing', done: 'stashed' },
    { bare: 'deposit', gerund: 'depositing', done: 'deposited' },
  ],
  get: ['track down', 'hunt down'],
  look: ['inspect', 'study'],
  light: ['flick on', 'click on'],
  two: ['two different', 'a brace of'],
  treat: {
    clean: {
      verbs: [
        { bare: 'wipe', gerund: 'wiping', done: 'wiped', particle: 'down' },
        { bare: 'sanitise', gerund: 'sanitising', done: 'sanitised' },
      ],
      states: ['spotless', 'spick and span', 'freshly rinsed'],
    },
    heat: {
      verbs: [
        { bare: 'nuke', gerund: 'nuking', done: 'nuked' },
        { bare: 'zap', gerund: 'zapping', done: 'zapped' },
      ],
      states: ['piping hot', 'steaming', 'toasty'],
    },
    cool: {
      verbs: [
        { bare: 'ice', gerund: 'icing', done: 'iced' },
        { bare: 'bring', gerund: 'bringing', done: 'brought', particle: 'down to fridge temperature' },
      ],
      states: ['ice-cold', 'frosty', 'nice and cold'],
    },
  },
};

export const HELD_OUT_FRAMES: FrameSet = {
  place: {
    requests: [
      'relocate a {o} so that it sits {in the r}',
      'do not rest until the {r} has a {o}',
      'give the {o} a new home {in the r}',
      'let a {o} end up {in the r}',
      'transfer whatever {o} turns up to the {r}',
    ],
    sayings: [
      'Nobody ever leaves a {o} {in the r}, so be the first.',
      'What is missing {in the r}? A {o}. Fix that.',
      'Goal state: {o} {in the r}.',
      'Why on earth is there no {o} {in the r}?',
      'Once you are done, I expect to see the {o} {in the r}.',
    ],
  },
  treat: {
    requests: [
      'start by {washing a {o}} and end by {putting} it {in the r}',
      'deliver one {clean} {o} to the {r}',
      'give me a {o} that has been {washed}, waiting for me {in the r}',
      'turn an ordinary {o} into a {clean} one and let it wait {in the r}',
      'relocate a {o} so that it sits {in the r}, {clean}',
    ],
    sayings: [
      'By the time I am back I expect a {clean} {o} {in the r}.',
      'Goal state: {o}, {clean}, {in the r}.',
      'Nothing but a {clean} {o} may stand {in the r}.',
      'Step one, {treat a {o}}; step two, {put} it {in the r}.',
      'It would be lovely to find a {clean} {o} {in the r}.',
    ],
  },
  two: {
    requests: [
      'reunite {two} {os} {in the r}',
      'let not one but two {os} end up {in the r}',
      'relocate {two} {os} so that they sit {in the r}',
      'see that the {r} holds {two} {os}',
    ],
    sayings: [
      'Goal state: {two} {os} {in the r}.',
      'Once you are done, I expect to count two {os} {in the r}.',
      'It would be lovely to find {two} {os} {in the r}.',
      'A {o} for me and a {o} for you, both {in the r}.',
    ],
  },
  lamp: {
    requests: [
      'shine the {lamp} on the {o}',
      'let me know how the {o} looks with the {lamp} lit',
      'illuminate the {o} with the {lamp}',
      'give the {o} a closer look, with the {lamp} on',
    ],
    sayings: [
      'The {lamp} should be on and the {o} in your hands.',
      'Goal state: {o} in hand, {lamp} on.',
      'My eyes are bad, so the {o} wants the {lamp}.',
      'Is there anything odd about the {o}? The {lamp} will help.',
    ],
  },
  openings: [
    'be a dear and ',
    'any chance you could ?',
    "I'd be grateful if you could ",
    'would it be possible to ?',
    "if it isn't too much trouble, ",
    'kindly ',
    'quick, ',
  ],
  endings: [
    ', would you',
    ', pretty please',
    ', there is a good robot',
    ' while I take a call',
    ', cheers',
    ' asap',
  ],
  reasons: [
    'My back is killing me today. ',
    'The landlord will be here in ten minutes, so ',
    'Somebody has to do it and it will not be me: ',
    "Grandma can't get up, so ",
  ],
};
