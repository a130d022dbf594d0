/**
 * The game's texts as a TWL2 grammar, the way this project writes them into its own game files: what the real engine
 * prints for each command. It is also the yardstick by which {@link recogniseGrammar} reads a stranger's grammar.
 */

/** 'move': the current dialect, `move x to y`. 'put': the older one, `put x in/on y`. */
export type Dialect = 'move' | 'put';

/** What `help` prints (the real engine drops the grammar's first line break, and keeps the last one). */
export const HELP_TEXT = `Available commands:
  look:                             look around your current location
  inventory:                        check your current inventory
  go to (receptacle):               move to a receptacle
  open (receptacle):                open a receptacle
  close (receptacle):               close a receptacle
  take (object) from (receptacle):  take an object from a receptacle
  move (object) to (receptacle):  place an object in or on a receptacle
  examine (something):              examine a receptacle or an object
  use (object):                     use an object
  heat (object) with (receptacle):  heat an object using a receptacle
  clean (object) with (receptacle): clean an object using a receptacle
  cool (object) with (receptacle):  cool an object using a receptacle
  slice (object) with (object):     slice an object using a sharp object
`;

interface Rule {
  readonly condition?: string;
  readonly rhs: string;
}

const HERE = 'atlocation(a:agent, l:location) & receptacleatlocation(r:receptacle, l:location)';
const LOOSE = `atlocation(a:agent, l:location) & objectatlocation(o:object, l:location) & receptacleatlocation(r:receptacle, l:location) & not_inreceptacle(o:object, r:receptacle)`;

function rules(task: string, dialect: Dialect): Record<string, readonly Rule[]> {
  const one = (rhs: string): readonly Rule[] => [{ rhs }];
  const inside = "[{o.indefinite + ' ' + o.name | inreceptacle(o:object, r:receptacle)}]";
  const state = (words: string, ...tests: string[]): Rule => ({
    condition: tests.map((test) => `${test}(o:object)`).join(' & '),
    rhs: `This is a ${words} {o.name}.`,
  });
  return {
    intro: one('-= Welcome to TextWorld, ALFRED! =-\n\n#look.feedback#\n\n#task#'),
    task: one(`${TASK_PREFIX}${task}`),
    'GotoLocation.feedback': one(
      `You arrive at {${dialect === 'move' ? 'r' : 'lend'}.name}. #examineReceptacle.feedback#`,
    ),
    'OpenObject.feedback': one('You open the {r.name}. #examineReceptacle.feedback#'),
    'CloseObject.feedback': one('You close the {r.name}.'),
    'PickupObject.feedback': one('You pick up the {o.name} from the {r.name}.'),
    'PutObject.feedback': one(
      dialect === 'move'
        ? 'You move the {o.name} to the {r.name}.'
        : 'You put the {o.name} in/on the {r.name}.',
    ),
    'inventory.feedback': [
      {
        condition: 'holdsany(a:agent)',
        rhs: "You are carrying: [{o.indefinite + ' ' + o.name | holds(a:agent, o:object)}].",
      },
      { rhs: 'You are not carrying anything.' },
    ],
    'examineReceptacle.feedback': [
      {
        condition: 'openable(r:receptacle) & opened(r:receptacle)',
        rhs: `The {r.name} is open. In it, you see ${inside}.`,
      },
      { condition: 'openable(r:receptacle)', rhs: 'The {r.name} is closed.' },
      { rhs: `On the {r.name}, you see ${inside}.` },
    ],
    'examineObject.feedback': [
      {
        condition: 'isreceptacleobject(o:object)',
        rhs: "This is a normal {o.name}. In it, you see [{o2.indefinite + ' ' + o2.name | inreceptacleobject(o2:object, o:object)}].",
      },
      state('hot and clean sliced', 'isclean', 'ishot', 'issliced'),
      state('cool and clean sliced', 'isclean', 'iscool', 'issliced'),
      state('clean sliced', 'isclean', 'issliced'),
      state('hot sliced', 'ishot', 'issliced'),
      state('cool sliced', 'iscool', 'issliced'),
      state('hot and clean', 'isclean', 'ishot'),
      state('cool and clean', 'isclean', 'iscool'),
      state('hot', 'ishot'),
      state('clean', 'isclean'),
      state('cold', 'iscool'),
      { condition: 'toggleable(o:object) & istoggled(o:object)', rhs: 'This {o.name} is on.' },
      { condition: 'toggleable(o:object) & not_istoggled(o:object)', rhs: 'This {o.name} is off.' },
      state('sliced', 'sliceable', 'issliced'),
      { rhs: "There's nothing special about {o.name}." },
    ],
    'toggleObject.feedback': [
      { condition: 'toggleable(o:object) & istoggled(o:object)', rhs: 'You turn on the {o.name}.' },
      { condition: 'toggleable(o:object)', rhs: 'You turn off the {o.name}.' },
      { rhs: "You don't see any switch on the {o.name}." },
    ],
    'heatObject.feedback': one('You heat the {o.name} using the {r.name}.'),
    'cleanObject.feedback': one('You clean the {o.name} using the {r.name}.'),
    'coolObject.feedback': one('You cool the {o.name} using the {r.name}.'),
    'sliceObject.feedback': one('You sliced the {co.name} with the {ko.name}.'),
    'look.feedback': [
      { condition: HERE, rhs: '#look-variations#. Next to it, you see #list_objects_on_the_floor#.' },
      { rhs: 'You are in the middle of a room. Looking quickly around you, you see #list_appliances#.' },
    ],
    'look-variations': one(`You are facing the [{r.name | ${HERE}}]`),
    list_objects_on_the_floor: [
      { condition: LOOSE, rhs: `[{#overview(o)# | ${LOOSE}}]` },
      { rhs: 'nothing' },
    ],
    list_appliances: [
      {
        condition: 'receptacleatlocation(r:receptacle, l:location)',
        rhs: '[{#overview(r)# | receptacleatlocation(r:receptacle, l:location)}]',
      },
      { rhs: 'nothing' },
    ],
    'overview(o)': one('{o.indefinite} {o.name}'),
    'overview(r)': one('{r.indefinite} {r.name or r.id}'),
    list_empty: one('nothing'),
    list_separator: one(', '),
    list_last_separator: one(', and '),
    'help.feedback': one(`\n${HELP_TEXT}`),
  };
}

/** What stands before the task in the last line of the intro. */
export const TASK_PREFIX = 'Your task is to: ';

const TEMPLATES: readonly (readonly [action: string, template: string, feedback: string])[] = [
  ['GotoLocation', 'go to [{r.name | receptacleatlocation(r:receptacle, lend:location)}]', 'GotoLocation'],
  ['OpenObject', 'open {r}', 'OpenObject'],
  ['CloseObject', 'close {r}', 'CloseObject'],
  ['PickupObject', 'take {o} from {r}', 'PickupObject'],
  ['PutObject', 'move {o} to {r}', 'PutObject'],
  ['inventory', 'inventory', 'inventory'],
  ['examineReceptacle', 'examine {r}', 'examineReceptacle'],
  ['examineObject', 'examine {o}', 'examineObject'],
  ['ToggleObject', 'use {o}', 'toggleObject'],
  ['HeatObject', 'heat {o} with {r}', 'heatObject'],
  ['CleanObject', 'clean {o} with {r}', 'cleanObject'],
  ['CoolObject', 'cool {o} with {r}', 'coolObject'],
  ['SliceObject', 'slice {co} with {ko}', 'sliceObject'],
  ['look', 'look', 'look'],
  ['help', 'help', 'help'],
];

/**
 * The grammar of one game.
 * @param task the sentence behind 'Your task is to: ', for instance `put a clean mug in shelf.`
 */
export function grammarText(task: string, dialect: Dialect = 'move'): string {
  const parts = [`grammar :: """\n${JSON.stringify(rules(task, dialect), null, 1)}\n""";`];
  for (const [action, template, feedback] of TEMPLATES) {
    if (dialect === 'put' && action === 'help') continue;
    const words = dialect === 'put' && action === 'PutObject' ? 'put {o} in/on {r}' : template;
    parts.push(`action ${action} {\n template :: "${words}";\n feedback :: "#${feedback}.feedback#";\n}`);
  }
  return `${parts.join('\n\n')}\n`;
}
