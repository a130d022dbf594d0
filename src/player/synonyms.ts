/**
 * More names for things and places, and more words for what is done to a thing, than wordings for training are composed of
 * (lexicon.ts): the reader of people's words knows them too. What a name is apt to mean besides isn't here: 'cooler',
 * 'ring', 'telly'.
 */
import { table, wordsIn } from '../base/table.ts';

/** Names by type, written with commas between them. */
function named(names: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  return table(Object.fromEntries(Object.entries(names).map(([type, some]) => [type, some.split(', ')])));
}

export const MORE_THINGS = named({
  alarmclock: 'bedside clock, wake up clock',
  apple: 'red apple, green apple',
  baseballbat: 'wooden bat',
  basketball: 'ball, basket ball',
  book: 'paperback, hardback, textbook, hardcover, storybook',
  boots: 'boot, shoes, pair of shoes, wellies, wellington boots',
  bowl: 'cereal bowl, salad bowl, mixing bowl, fruit bowl',
  box: 'carton, container, parcel, crate',
  bread: 'toast, slice of bread, slice of toast, piece of bread, sourdough, baguette, bun',
  butterknife: 'butter spreader, bread and butter knife, blunt knife, spreading knife',
  candle: 'tea light, wax candle',
  cd: 'compact disk, disk, dvd, record, album',
  cellphone: 'iphone, handset, telephone, cell, android phone, mobile telephone, smart phone',
  cloth: 'dishcloth, dish rag, wiping cloth, flannel, face cloth, cleaning rag, wash cloth',
  creditcard: 'debit card, payment card, plastic card, visa card, visa',
  cup: 'tumbler, teacup, beaker, drinking glass, glass, water glass',
  dishsponge:
    'scouring pad, scrubbing sponge, scouring sponge, cleaning sponge, scrub sponge, washing up sponge',
  egg: "hen's egg, hen egg, chicken egg",
  fork: 'salad fork, table fork',
  glassbottle: 'bottle made of glass',
  handtowel: 'guest towel, face towel, towel for hands, little towel',
  houseplant: 'indoor plant, plant pot, pot plant',
  kettle: 'teapot, tea pot',
  keychain: 'car keys, house keys, door keys, key, key fob, bunch of house keys',
  knife:
    'chef knife, chefs knife, carving knife, cooking knife, bread knife, steak knife, cutting knife, big knife, blade',
  ladle: 'serving ladle, soup scoop, serving spoon',
  laptop: 'macbook, computer, notebook pc, portable computer, laptop pc',
  lettuce: 'salad, iceberg, iceberg lettuce, salad head, salad leaves, lettuce leaves',
  mug: 'tea mug, coffee beaker',
  newspaper: 'gazette, morning paper, news paper, daily news, daily newspaper',
  pan: 'skillet, fry pan, frypan, saute pan, griddle',
  papertowelroll:
    'kitchen paper, paper towels, paper towel, kitchen towel, roll of kitchen paper, roll of paper towel, kitchen towels, kitchen towel roll',
  pen: 'biro, ball pen, fountain pen, ink pen',
  peppershaker: 'pepper mill, pepper grinder, pepper cellar',
  pillow: 'throw pillow, bed pillow, sofa cushion, throw cushion',
  plate: 'side plate, platter, saucer, serving plate',
  plunger: 'toilet plunger, sink plunger, drain plunger',
  pot: 'stockpot, stew pot, cooking vessel, casserole, soup pot, sauce pot',
  potato: 'spud, tater',
  remotecontrol:
    'clicker, zapper, television remote, tv control, remote controller, telly remote, tv remote control, tv clicker, controller',
  saltshaker: 'salt cellar, salt mill, salt pot, salt container',
  scrubbrush: 'scrubbing brush, cleaning brush, loo brush',
  soapbar: 'cake of soap, piece of soap, block of soap, hand soap bar, solid soap',
  soapbottle:
    'hand soap, liquid soap, dish soap, soap pump, liquid soap bottle, bottle of hand soap, bottle of liquid soap, bottle of dish soap, hand wash, dishwashing liquid, washing up liquid, soap container',
  spatula: 'turner, fish slice, pancake turner, flipper, pancake flipper, egg flipper',
  spoon: 'tablespoon, dessert spoon, dessertspoon, table spoon, tea spoon, eating spoon',
  spraybottle:
    'spritzer, spray, sprayer, squirt bottle, spray can, bottle of spray, bottle of cleaner, cleaning bottle, window cleaner',
  statue: 'statuette, bust, ornament, stone figure',
  teddybear:
    'stuffed bear, plush bear, cuddly bear, toy bear, bear, stuffed animal, cuddly toy, plush toy, soft toy, stuffed toy',
  tennisracket: 'tennis racquet, racquet, tennis bat',
  tissuebox:
    'kleenex, kleenex box, box of kleenex, tissue, pack of tissues, packet of tissues, tissue packet, facial tissues, box of paper tissues',
  toiletpaper:
    'loo roll, loo paper, toilet tissue, bathroom tissue, tp, roll of tp, bog roll, tp roll, roll of loo paper, roll of toilet tissue, bathroom roll',
  tomato: 'ripe tomato, red tomato',
  towel: 'shower towel, large towel, big towel, bathroom towel, beach towel',
  vase: 'glass vase, flower jar, flower holder',
  watch: 'timepiece, wrist piece',
  wateringcan: 'sprinkling can, water can, watering pot, watering jug, plant waterer',
  winebottle:
    'bottle of red, bottle of red wine, bottle of white wine, red wine, white wine, bottle of white',
});

export const MORE_PLACES = named({
  armchair:
    'recliner, lounge chair, comfy chair, cosy chair, cozy chair, comfortable chair, reading chair, big chair, soft chair, padded chair',
  bathtubbasin: 'bath, bathing tub',
  bed: 'mattress, double bed, single bed',
  cabinet: 'kitchen cabinet, kitchen cupboard, bathroom cabinet, bathroom cupboard, wall cabinet',
  cart: 'rolling cart, bar cart, tea trolley, wheeled cart, utility cart, serving trolley',
  coffeemachine: 'coffee brewer, coffee pot, espresso maker, nespresso machine, coffee thing',
  coffeetable: 'low table, lounge table, living room table, sitting room table',
  countertop:
    'worktop, work top, kitchen worktop, kitchen counter top, kitchen bench, benchtop, kitchen surface, bathroom counter, kitchen top, kitchen side, worksurface',
  desk: 'work table, office desk, study desk, computer desk, study table, office table, workstation',
  diningtable:
    'dinning table, eating table, breakfast table, supper table, meal table, dining room table top',
  drawer: 'kitchen drawer, desk drawer',
  dresser: 'bureau, sideboard, dressing table, tallboy, chest of drawer',
  fridge: 'icebox, ice box, frige',
  garbagecan:
    'rubbish bin, waste bin, wastebasket, waste basket, waste paper basket, wastepaper basket, trash bin, garbage bin, garbage pail, rubbish, trash basket, recycling bin, kitchen bin, refuse bin',
  handtowelholder:
    'hand towel rail, hand towel ring, hand towel rack, hand towel hook, hand towel bar, hand towel hanger, hand towel stand',
  laundryhamper:
    'laundry bin, washing basket, clothes hamper, clothes basket, linen basket, dirty clothes basket, wash basket',
  microwave: 'microwave cooker',
  ottoman: 'foot rest, footstool, foot stool, pouf, pouffe, hassock, stool',
  papertowelholder:
    'paper towel stand, paper towel rack, kitchen towel holder, paper towel dispenser, kitchen paper holder',
  safe: 'strongbox, strong box, lockbox, lock box, vault, safe box, security box, money box',
  shelf: 'bookshelf, book shelf, shelving, shelving unit, bookcase, ledge, wall shelf',
  sidetable:
    'nightstand, night stand, night table, bedside stand, bedside cabinet, occasional table, lamp table, little table, accent table, table by the bed, table next to the bed, table beside the bed',
  sinkbasin: 'washbasin, wash basin, bathroom sink, washbowl, hand basin, sink bowl',
  sofa: 'settee, love seat, loveseat, divan, chesterfield',
  stoveburner:
    'stovetop, hob, cooktop, hotplate, range, gas ring, cook top, gas burner, cooker ring, cooking plate, stove ring, gas hob, cooker top',
  toaster: 'bread toaster',
  toilet:
    'loo, lavatory, commode, wc, cistern, toilet cistern, toilet seat, toilet bowl, back of the toilet, top of the toilet',
  toiletpaperhanger:
    'loo roll holder, toilet paper hook, toilet roll hanger, toilet paper dispenser, toilet paper stand, tp holder, loo paper holder, toilet paper rail, toilet tissue holder, roll holder, toilet paper spindle',
  towelholder: 'towel rack, towel hook, towel bar, towel ring, towel hanger, towel rod, towel stand',
  tvstand:
    'tv cabinet, tv table, tv unit, tv bench, tv console, television cabinet, television table, television unit, media console, media unit, entertainment center, entertainment centre, entertainment unit, telly stand, stand under the tv',
});

export const MORE_LAMPS = named({
  desklamp:
    'desk light, bedside lamp, bedside light, reading light, study lamp, work lamp, table light, night light, lamp light',
  floorlamp: 'floor light, standing light, standard lamp, tall lamp',
});

export const MORE_EITHER: Readonly<Record<string, readonly [string, ...string[]]>> = table({
  dispenser: ['soapbottle'],
  rail: ['towelholder', 'handtowelholder'],
  seat: ['armchair', 'sofa'],
});

export const MORE_TREATING: Readonly<
  Record<'clean' | 'heat' | 'cool', { readonly verbs: readonly string[]; readonly states: readonly string[] }>
> = {
  clean: {
    verbs: wordsIn('sanitize sanitise disinfect wipe wipes wiping scour scouring cleanses cleansing swill'),
    states: wordsIn(
      'spotless sparkling spotlessly hygienic sanitized sanitised disinfected wiped scoured polished soiled muddy stained greasy grimy sticky unclean mucky messy dusty gleaming',
    ),
  },
  heat: {
    verbs: wordsIn(
      'cook cooks cooking nuke nukes nuking zap zaps zapping bake bakes baking boil boiling defrost thaw roast roasting',
    ),
    states: wordsIn('cooked nuked zapped steaming toasty boiled roasted piping'),
  },
  cool: {
    verbs: wordsIn('freeze freezes freezing cools'),
    states: wordsIn('icy iced frozen frosty colder'),
  },
};

/** As COMMON in lexicon.ts, for the names here. */
export const MORE_COMMON: readonly string[] = wordsIn(
  `beach blame brush change chess cheat class cooler could crane edges grass green great heard leave ledger mobile noise
   nickel order placed places radio rails raise rings rolls stand start state stay stick sticks story stood stray tools trail voice wait
   wants watch wipes world`,
);
