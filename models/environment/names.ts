/** Names that training gives to chores: words that the pocket student's vocabulary has whole, none of a held-out family. */
import { HELD_OUT_NAMES } from '../../src/homes/index.ts';

const WORDS =
  'alarmclock apple armchair baseballbat bathtub bathtubbasin bed blinds book bowl box bread butterknife cabinet candle cart cd cellphone chair cloth coffeemachine coffeetable countertop creditcard cup curtains desk desklamp diningtable dishsponge drawer dresser egg floorlamp footstool fork fridge garbagecan glassbottle handtowel handtowelholder houseplant kettle keychain knife ladle laptop laundryhamper laundryhamperlid lettuce lightswitch microwave mirror mug newspaper ottoman painting pan papertowelroll pen pencil peppershaker pillow plate plunger poster pot potato remotecontrol safe saltshaker scrubbrush shelf showerdoor showerglass sidetable sink sinkbasin soapbar soapbottle sofa spatula spoon spraybottle statue stoveburner stoveknob tennisracket tissuebox toaster toilet toiletpaper toiletpaperhanger tomato towel towelholder tvstand vase watch wateringcan window winebottle';

export const TRAINING_NAMES: readonly string[] = WORDS.split(' ').filter(
  (word) => !HELD_OUT_NAMES.includes(word),
);
