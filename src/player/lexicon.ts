/**
 * What people call the things and places of a home: for each type of the games its name as two words, and others that
 * mean nothing else here. The first is the plainest. Wordings for training are composed of these, so none is among the words
 * that are held out of it (models/environment/wordings/held-out.ts); the reader of people's words knows more (synonyms.ts).
 */
import { table, wordsIn } from '../base/table.ts';

/** What can be carried, by type. */
export const THINGS: Readonly<Record<string, readonly string[]>> = table({
  alarmclock: ['alarm clock', 'clock', 'alarm'],
  apple: ['apple'],
  baseballbat: ['baseball bat', 'bat'],
  basketball: ['basketball'],
  book: ['book', 'novel'],
  boots: ['boots', 'pair of boots'],
  bowl: ['bowl', 'serving bowl', 'soup bowl'],
  box: ['box', 'cardboard box', 'storage box'],
  bread: ['bread', 'loaf of bread', 'loaf', 'bread loaf'],
  butterknife: ['butter knife', 'table knife', 'dinner knife'],
  candle: ['candle', 'scented candle'],
  cd: ['cd', 'disc', 'compact disc', 'music cd'],
  cellphone: ['cell phone', 'phone', 'mobile phone', 'mobile', 'smartphone'],
  cloth: ['cloth', 'rag', 'washcloth', 'cleaning cloth'],
  creditcard: ['credit card', 'bank card', 'card'],
  cup: ['cup', 'drinking cup'],
  dishsponge: ['dish sponge', 'sponge', 'kitchen sponge'],
  egg: ['egg'],
  fork: ['fork', 'dinner fork'],
  glassbottle: ['glass bottle'],
  handtowel: ['hand towel', 'small towel'],
  houseplant: ['house plant', 'potted plant', 'plant'],
  kettle: ['kettle', 'tea kettle', 'water kettle'],
  keychain: ['key chain', 'key ring', 'set of keys', 'bunch of keys', 'keys'],
  knife: ['knife', 'kitchen knife', 'sharp knife', 'chopping knife'],
  ladle: ['ladle', 'soup ladle'],
  laptop: ['laptop', 'laptop computer', 'notebook computer'],
  lettuce: ['lettuce', 'head of lettuce', 'lettuce head'],
  mug: ['mug', 'coffee mug', 'coffee cup'],
  newspaper: ['newspaper', 'paper', 'daily paper'],
  pan: ['pan', 'frying pan'],
  papertowelroll: ['paper towel roll', 'roll of paper towels', 'kitchen roll'],
  pen: ['pen', 'ballpoint pen', 'ballpoint'],
  pencil: ['pencil', 'lead pencil'],
  peppershaker: ['pepper shaker', 'pepper', 'pepper pot'],
  pillow: ['pillow', 'cushion'],
  plate: ['plate', 'dinner plate', 'dish'],
  plunger: ['plunger'],
  pot: ['pot', 'cooking pot', 'saucepan'],
  potato: ['potato'],
  remotecontrol: ['remote control', 'remote', 'tv remote'],
  saltshaker: ['salt shaker', 'salt'],
  scrubbrush: ['scrub brush', 'toilet brush', 'brush'],
  soapbar: ['soap bar', 'bar of soap', 'soap'],
  soapbottle: ['soap bottle', 'bottle of soap', 'soap dispenser'],
  spatula: ['spatula'],
  spoon: ['spoon', 'teaspoon', 'soup spoon'],
  spraybottle: ['spray bottle', 'cleaning spray', 'spray cleaner'],
  statue: ['statue', 'figurine', 'sculpture'],
  teddybear: ['teddy bear', 'teddy'],
  tennisracket: ['tennis racket', 'racket'],
  tissuebox: ['tissue box', 'box of tissues', 'tissues'],
  toiletpaper: ['toilet paper', 'roll of toilet paper', 'toilet roll', 'toilet paper roll'],
  tomato: ['tomato'],
  towel: ['towel', 'bath towel'],
  vase: ['vase', 'flower vase'],
  watch: ['watch', 'wristwatch', 'wrist watch'],
  wateringcan: ['watering can'],
  winebottle: ['wine bottle', 'bottle of wine', 'wine'],
});

/** Where things can be put, by type. */
export const PLACES: Readonly<Record<string, readonly string[]>> = table({
  armchair: ['armchair', 'arm chair', 'easy chair'],
  bathtubbasin: ['bathtub', 'bath tub', 'tub'],
  bed: ['bed'],
  cabinet: ['cabinet', 'cupboard'],
  cart: ['cart', 'trolley', 'serving cart'],
  coffeemachine: ['coffee machine', 'coffee maker', 'espresso machine'],
  coffeetable: ['coffee table', 'sofa table'],
  countertop: ['counter top', 'counter', 'kitchen counter', 'work surface'],
  desk: ['desk', 'writing desk', 'work desk'],
  diningtable: ['dining table', 'dinner table', 'kitchen table', 'dining room table'],
  drawer: ['drawer'],
  dresser: ['dresser', 'chest of drawers'],
  fridge: ['fridge', 'refrigerator'],
  garbagecan: ['garbage can', 'trash can', 'bin', 'trash', 'garbage', 'dustbin'],
  handtowelholder: ['hand towel holder'],
  laundryhamper: ['laundry hamper', 'laundry basket', 'hamper'],
  microwave: ['microwave', 'microwave oven'],
  ottoman: ['ottoman', 'footrest'],
  papertowelholder: ['paper towel holder', 'kitchen roll holder'],
  safe: ['safe'],
  shelf: ['shelf', 'rack'],
  sidetable: ['side table', 'end table', 'bedside table', 'small table'],
  sinkbasin: ['sink', 'basin', 'kitchen sink'],
  sofa: ['sofa', 'couch'],
  stoveburner: ['stove burner', 'stove', 'burner', 'stove top', 'cooker'],
  toaster: ['toaster'],
  toilet: ['toilet', 'toilet tank', 'toilet lid'],
  toiletpaperhanger: ['toilet paper hanger', 'toilet paper holder', 'toilet roll holder'],
  towelholder: ['towel holder', 'towel rail'],
  tvstand: ['tv stand', 'television stand'],
});

/** Lamps, by type. The first of all is meant where somebody says no more than 'lamp'. */
export const LAMPS: Readonly<Record<string, readonly string[]>> = table({
  desklamp: ['desk lamp', 'lamp', 'table lamp', 'reading lamp', 'light'],
  floorlamp: ['floor lamp', 'standing lamp'],
});

/** `put a cup in the coffee maker`: only mugs fit there, whatever they're called. By place, then word. */
export const BY_PLACE: Readonly<Record<string, Readonly<Record<string, string>>>> = table({
  coffeemachine: table({ cup: 'mug', 'drinking cup': 'mug' }),
});

/** Names of several types, the likelier first: which one is meant, the room has to say. And words that nobody says alone. */
export const EITHER: Readonly<Record<string, readonly [string, ...string[]]>> = table({
  table: ['diningtable', 'coffeetable', 'sidetable', 'desk'],
  chair: ['armchair'],
  holder: ['toiletpaperhanger', 'towelholder', 'handtowelholder'],
  hanger: ['toiletpaperhanger'],
  lamplight: ['desklamp'],
  bottle: ['soapbottle', 'winebottle', 'spraybottle', 'glassbottle'],
});

/** Words for what is done to a thing, and for a thing to which it was done or has to be. */
export const TREATING: Readonly<
  Record<'clean' | 'heat' | 'cool', { readonly verbs: readonly string[]; readonly states: readonly string[] }>
> = {
  clean: {
    verbs: wordsIn('wash washes washing rinse rinses rinsing scrub scrubs scrubbing cleaning cleanse'),
    states: wordsIn('clean cleaned cleaner washed rinsed scrubbed dirty filthy unwashed grubby disgusting'),
  },
  heat: {
    verbs: wordsIn('heat heats heating warming microwaving reheat reheating preheat'),
    states: wordsIn('hot heated warm warmed microwaved reheated preheated baked'),
  },
  cool: {
    verbs: wordsIn('chill chills chilling cooling refrigerate refrigerates refrigerating'),
    states: wordsIn('cold cool cooled chilled refrigerated chilly'),
  },
};

/** Ordinary words that are a letter away from words of the lexicon, and no mistypings of them. */
export const COMMON: readonly string[] = wordsIn(
  `applied apply battle because before break bring broken cards carry catch check child clear clicked close closed coach
   colder could counted country cover crash drawn dressed first floor forks found glass going great guests hands house
   known later laundry leave light look looks match meant other papers place plane please plenty remove rocket school
   shell shelter shine shore should since small smell soaps spoke status stone store stored sure table takes thank
   thanks there these thing things those tidying tower toward towards touch track trays under until usual waiting walk
   water where which while white whole wiped woman would write wrong`,
);

const IRREGULAR: Readonly<Record<string, string>> = table({
  knife: 'knives',
  loaf: 'loaves',
  shelf: 'shelves',
  keys: 'keys',
  boots: 'boots',
  tissues: 'tissues',
});

/** Of several: `heads of lettuce`, `butter knives`. */
export function pluralOf(words: string): string {
  const [head = '', ...of] = words.split(' of ');
  const start = head.lastIndexOf(' ') + 1;
  const noun = head.slice(start);
  const many =
    IRREGULAR[noun] ??
    (/(?:[sxo]|ch|sh)$/.test(noun)
      ? `${noun}es`
      : /[^aeiou]y$/.test(noun)
        ? `${noun.slice(0, -1)}ies`
        : `${noun}s`);
  return [head.slice(0, start) + many, ...of].join(' of ');
}
