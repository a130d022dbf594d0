"""Names of household things: the games' compound words and what people call them.

`OBJECTS` and `RECEPTACLES` map a word of the games (lower case, as in 'put a saltshaker in drawer.') to the
names a person may use, the plain one first. `HELD_OUT` names are never seen in training: they stand only in
the evaluation's paraphrases.
"""

OBJECTS = {
    'alarmclock': ['alarm clock', 'clock'],
    'apple': ['apple'],
    'baseballbat': ['baseball bat', 'bat'],
    'basketball': ['basketball', 'ball'],
    'book': ['book', 'novel'],
    'boots': ['boots'],
    'bowl': ['bowl'],
    'box': ['box', 'cardboard box'],
    'bread': ['bread', 'loaf of bread', 'slice of bread'],
    'butterknife': ['butter knife', 'table knife'],
    'candle': ['candle'],
    'cd': ['cd', 'compact disc', 'disc'],
    'cellphone': ['cell phone', 'phone', 'mobile phone'],
    'cloth': ['cloth', 'rag', 'washcloth'],
    'creditcard': ['credit card', 'bank card', 'card'],
    'cup': ['cup'],
    'dishsponge': ['dish sponge', 'sponge', 'kitchen sponge'],
    'egg': ['egg'],
    'fork': ['fork'],
    'glassbottle': ['glass bottle', 'bottle'],
    'handtowel': ['hand towel', 'small towel'],
    'houseplant': ['house plant', 'plant'],
    'kettle': ['kettle', 'tea kettle'],
    'keychain': ['key chain', 'keys', 'set of keys'],
    'knife': ['knife', 'kitchen knife'],
    'ladle': ['ladle', 'soup ladle'],
    'laptop': ['laptop', 'notebook computer'],
    'lettuce': ['lettuce', 'head of lettuce'],
    'mug': ['mug', 'coffee mug'],
    'newspaper': ['newspaper', 'paper'],
    'pan': ['pan', 'frying pan'],
    'papertowelroll': ['paper towel roll', 'paper towels'],
    'pen': ['pen', 'ballpoint pen'],
    'pencil': ['pencil'],
    'peppershaker': ['pepper shaker', 'pepper', 'pepper pot'],
    'pillow': ['pillow', 'cushion'],
    'plate': ['plate', 'dinner plate'],
    'plunger': ['plunger'],
    'pot': ['pot', 'cooking pot'],
    'potato': ['potato'],
    'remotecontrol': ['remote control', 'remote', 'tv remote'],
    'saltshaker': ['salt shaker', 'salt'],
    'scrubbrush': ['scrub brush', 'scrubbing brush'],
    'soapbar': ['bar of soap', 'soap bar', 'soap'],
    'soapbottle': ['soap bottle', 'bottle of soap', 'soap dispenser'],
    'spatula': ['spatula', 'turner'],
    'spoon': ['spoon', 'table spoon'],
    'spraybottle': ['spray bottle', 'sprayer'],
    'statue': ['statue', 'figurine'],
    'teddybear': ['teddy bear', 'stuffed bear'],
    'tennisracket': ['tennis racket', 'racket'],
    'tissuebox': ['tissue box', 'box of tissues', 'tissues'],
    'toiletpaper': ['toilet paper', 'roll of toilet paper'],
    'toiletpaperroll': ['toilet paper roll', 'cardboard roll'],
    'tomato': ['tomato'],
    'towel': ['towel', 'bath towel'],
    'vase': ['vase', 'flower vase'],
    'watch': ['watch', 'wrist watch'],
    'wateringcan': ['watering can'],
    'winebottle': ['wine bottle', 'bottle of wine', 'wine'],
}

RECEPTACLES = {
    'armchair': ['armchair', 'arm chair', 'easy chair'],
    'bathtubbasin': ['bathtub', 'bath'],
    'bed': ['bed'],
    'cabinet': ['cabinet', 'cupboard', 'kitchen cabinet'],
    'cart': ['cart', 'trolley'],
    'coffeemachine': ['coffee machine', 'coffee maker'],
    'coffeetable': ['coffee table', 'low table'],
    'countertop': ['countertop', 'counter', 'kitchen counter'],
    'desk': ['desk', 'writing desk'],
    'diningtable': ['dining table', 'kitchen table', 'table'],
    'drawer': ['drawer'],
    'dresser': ['dresser', 'chest of drawers'],
    'fridge': ['fridge', 'refrigerator'],
    'garbagecan': ['garbage can', 'trash can', 'trash'],
    'handtowelholder': ['hand towel holder', 'towel ring'],
    'laundryhamper': ['laundry hamper', 'laundry basket'],
    'microwave': ['microwave', 'microwave oven'],
    'ottoman': ['ottoman', 'foot stool'],
    'safe': ['safe', 'strongbox'],
    'shelf': ['shelf', 'rack'],
    'sidetable': ['side table', 'end table', 'night stand'],
    'sinkbasin': ['sink', 'wash basin'],
    'sofa': ['sofa', 'couch'],
    'stoveburner': ['stove burner', 'stove', 'burner'],
    'toaster': ['toaster'],
    'toilet': ['toilet', 'toilet tank'],
    'toiletpaperhanger': ['toilet paper hanger', 'toilet paper holder'],
    'towelholder': ['towel holder', 'towel rail'],
    'tvstand': ['tv stand', 'television stand'],
}

HELD_OUT = {
    'cellphone': ['smartphone'],
    'mug': ['tea mug'],
    'newspaper': ['daily paper'],
    'keychain': ['bunch of keys'],
    'dishsponge': ['sponge for the dishes'],
    'glassbottle': ['empty bottle'],
    'pan': ['skillet'],
    'book': ['paperback'],
    'laptop': ['portable computer'],
    'remotecontrol': ['tv clicker'],
    'winebottle': ['bottle of red'],
    'watch': ['wristwatch'],
    'fridge': ['icebox'],
    'garbagecan': ['waste bin'],
    'sofa': ['settee'],
    'countertop': ['worktop'],
    'sidetable': ['bedside table'],
    'cabinet': ['kitchen cupboard'],
    'stoveburner': ['hob'],
    'safe': ['lockbox'],
    'dresser': ['bureau'],
    'armchair': ['recliner'],
}

# What the games let a player do with a thing; the same facts limit which sentences make sense.
CLEANABLE = ('apple bowl butterknife cloth cup dishsponge egg fork kettle knife ladle lettuce mug pan plate pot potato '
             'soapbar spatula spoon tomato').split()
HEATABLE = 'apple bread cup egg mug plate potato tomato'.split()
COOLABLE = 'apple bowl bread cup egg lettuce mug pan plate pot potato tomato winebottle'.split()
SLICEABLE = 'apple bread lettuce potato tomato egg'.split()
LOOKABLE = ('alarmclock book bowl box cd cellphone creditcard keychain laptop mug newspaper pen pencil pillow plate '
            'remotecontrol statue tissuebox vase watch wateringcan').split()
FOOD = 'apple bread egg lettuce potato tomato'.split()

ADJECTIVES = {
    'clean': ['clean', 'washed', 'rinsed', 'freshly cleaned', 'spotless'],
    'heat': ['hot', 'warm', 'heated', 'warmed up', 'microwaved'],
    'cool': ['cool', 'cold', 'chilled', 'cooled', 'ice-cold'],
    'slice': ['sliced', 'cut up', 'cut'],
}
VERBS = {
    'clean': ['clean', 'wash', 'rinse', 'rinse off', 'scrub'],
    'heat': ['heat', 'warm up', 'warm', 'heat up', 'microwave'],
    'cool': ['cool', 'chill', 'cool down', 'refrigerate', 'cool off'],
    'slice': ['slice', 'cut', 'cut up', 'chop'],
}
