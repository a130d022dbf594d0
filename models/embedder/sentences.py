"""Task sentences for training and for the evaluation: the games' two official phrasings, a person's, later chores.

Every sentence comes with its meaning: `ops` (what is done to the object), `count`, `obj`, `rec` (None for a lamp
task) and `back` (put back where it was). Templates named HELD are never used in training. Same seed, same list.
"""
import random
import re
from dataclasses import dataclass, field

from words import (ADJECTIVES, CLEANABLE, COOLABLE, FOOD, HEATABLE, HELD_OUT, LOOKABLE, OBJECTS, RECEPTACLES,
                   SLICEABLE, VERBS)

OPERATIONS = {'clean': CLEANABLE, 'heat': HEATABLE, 'cool': COOLABLE, 'slice': SLICEABLE}
PLURALS = {'knife': 'knives', 'potato': 'potatoes', 'tomato': 'tomatoes', 'butter knife': 'butter knives', 'boots': 'boots',
           'box': 'boxes', 'tissue box': 'tissue boxes', 'lettuce': 'heads of lettuce', 'bread': 'loaves of bread'}


@dataclass(frozen=True)
class Sentence:
    text: str
    ops: tuple = ()
    count: int = 1
    obj: str = ''
    rec: str | None = None
    back: bool = False
    official: bool = False
    general: bool = False

    @property
    def kind(self):
        """Task type as the games name it, or the chore's own name."""
        if self.general: return 'general'
        if self.ops == ('light',): return 'look_at_obj_in_light'
        if self.back: return 'return:' + '+'.join(self.ops)
        if self.count == 2 and not self.ops: return 'pick_two_obj_and_place'
        if self.count > 2: return 'pick_three_obj_and_place'
        if len(self.ops) == 1 and self.ops[0] != 'slice': return f'pick_{self.ops[0]}_then_place_in_recep'
        return 'pick_and_place_simple' if not self.ops else 'chore:' + '+'.join(self.ops)


def plural(name):
    if name in PLURALS: return PLURALS[name]
    if ' of ' in name:
        head, tail = name.split(' of ', 1)
        return plural(head) + ' of ' + tail
    return name if name.endswith('s') else name + ('es' if name.endswith(('x', 'sh', 'ch')) else 's')


def article(name):
    if name.endswith('s') and not name.endswith('ss'): return 'the ' + name
    return ('an ' if name[0] in 'aeiou' else 'a ') + name


def official(kind, o, r):
    """Both phrasings of the games' grammar for each of the six task types."""
    adjective = {'clean': 'clean', 'heat': 'hot', 'cool': 'cool'}
    if kind == 'look': return [f'look at {o} under the desklamp.', f'examine the {o} with the desklamp.']
    if kind == 'simple': return [f'put a {o} in {r}.', f'put some {o} on {r}.']
    if kind == 'two': return [f'put two {o} in {r}.', f'find two {o} and put them in {r}.']
    return [f'put a {adjective[kind]} {o} in {r}.', f'{kind} some {o} and put it in {r}.']


# {o}: object, {ao}: with article, {os}: plural, {r}: receptacle, {p}: in or on, {v}: verb, {a}: adjective, {n}: number
SIMPLE = ['put {ao} {p} the {r}', 'place the {o} {p} the {r}', 'move {ao} to the {r}', 'bring {ao} to the {r}', 'leave {ao} {p} the {r}',
          'the {o} belongs {p} the {r}', 'i want {ao} {p} the {r}', 'find {ao} and put it {p} the {r}', 'could you set {ao} {p} the {r}?',
          'take {ao} over to the {r}', 'please put the {o} away {p} the {r}', 'get {ao} and leave it {p} the {r}', 'drop {ao} {p} the {r}']
SIMPLE_HELD = ['i need you to carry {ao} to the {r}', '{ao} should end up {p} the {r}', 'would you mind taking the {o} to the {r}',
               'store {ao} {p} the {r} for me', 'can the {o} go {p} the {r}, please']
OP = ['put {aao} {p} the {r}', '{v} {ao} and put it {p} the {r}', '{v} the {o}, then place it {p} the {r}', 'bring {aao} to the {r}',
      'i would like {aao} {p} the {r}', 'leave {aao} {p} the {r}', 'please {v} {ao} and leave it {p} the {r}', 'move {aao} to the {r}',
      'get {ao}, {v} it and set it {p} the {r}', '{v} some {o} and put it {p} the {r}', 'place a {a} {o} {p} the {r}',
      'take {ao}, {v} it, and bring it to the {r}', 'make sure a {a} {o} is {p} the {r}']
OP_HELD = ['the {r} needs a {a} {o}', 'find {ao}, {v} it, then drop it off {p} the {r}', 'could someone {v} {ao} for me and store it {p} the {r}',
           'i want the {o} {a} and {p} the {r}', 'before you put the {o} {p} the {r}, {v} it', '{aao} belongs {p} the {r}, please']
LOOK = ['look at {ao} under the lamp', 'examine {ao} by the light of the desk lamp', 'hold {ao} under the desk lamp', 'turn on the lamp and look at {ao}',
        'read {ao} under the desk lamp', 'inspect the {o} with the desk lamp', 'use the desk lamp to see {ao}', 'look at the {o} in the light',
        'check {ao} under a lamp', 'bring {ao} to the lamp and switch it on']
LOOK_HELD = ['shine the desk lamp on {ao}', 'i want to see {ao} in lamplight', 'take a closer look at the {o} by lamplight',
             'switch on the desk lamp while you hold {ao}']
TWO = ['put two {os} {p} the {r}', 'find two {os} and put them {p} the {r}', 'bring both {os} to the {r}', 'move a couple of {os} to the {r}',
       'place 2 {os} {p} the {r}', 'put a pair of {os} {p} the {r}', 'collect two {os} and leave them {p} the {r}', 'i want two {os} {p} the {r}',
       'put one {o} and then another {o} {p} the {r}', 'gather both {os} {p} the {r}']
TWO_HELD = ['two {os} should be {p} the {r}', 'fetch two {os} for the {r}', 'carry the {os}, both of them, to the {r}',
            'get me a second {o} {p} the {r} next to the first']
THREE = ['put three {os} {p} the {r}', 'find three {os} and put them {p} the {r}', 'bring 3 {os} to the {r}', 'three of a kind: {os} {p} the {r}',
         'move three {os} to the {r}', 'collect three {os} and leave them {p} the {r}', 'put three {o} in {r}.', 'find three {o} and put them in {r}.']
THREE_HELD = ['all three {os} go {p} the {r}', 'gather three of the {os} {p} the {r}']
TWICE = ['{v1} and {v2} {ao} and put it {p} the {r}', '{v1} some {o}, {v2} it and put it {p} the {r}', 'put a {a1} and {a2} {o} {p} the {r}',
         '{v1} {ao}, then {v2} it, then leave it {p} the {r}', 'put a {a1} {a2} {o} in {r}.', '{v1} and {v2} some {o} and put it in {r}.',
         'bring a {a2} {o} that has been {a1} to the {r}', 'first {v1} and then {v2} {ao}, finally place it {p} the {r}']
TWICE_HELD = ['i need {ao} that is both {a1} and {a2} {p} the {r}', 'please {v1} the {o}, afterwards {v2} it and store it {p} the {r}']
SLICED = ['put {aao} {p} the {r}', '{v} {ao} and put it {p} the {r}', 'put a slice of {o} {p} the {r}', '{v} some {o} and put it in {r}.',
          'put a {a} {o} in {r}.', 'use a knife to {v} the {o} and bring it to the {r}']
SLICED_HELD = ['the {o} has to be {a} before it goes {p} the {r}']
BACK = ['{v} {ao} and put it back where it was', '{v} the {o}, then return it to its place', 'take {ao}, {v} it and put it back',
        '{v} some {o} and put it back where it was.', 'return the {a} {o} to where you found it', 'put the {o} back after you {v} it']
BACK_HELD = ['once the {o} is {a}, it goes back to where it came from']
FETCH = ['take {ao} out of the closed {r} and look at it under the lamp', 'fetch {ao} from the {r} and light it with the desk lamp',
         'get {ao} out of the {r} and examine it with the desklamp.', 'open the {r}, take out the {o} and look at it in the light']
FETCH_HELD = ['there is {ao} shut in the {r}: bring it out and under the lamp']

GENERAL = ['the {n} is {j}', 'i like the {n}', 'where is the {n}?', 'a {j} {n}', 'they {w} the {n}', 'what is a {n}', 'my {n} and your {m}',
           'the {n} of the {m}', 'he wanted to {w} a {j} {n}', 'is there a {n} near the {m}?', '{n}', '{n} {m}', 'how do i {w} the {n}',
           'she saw a {n} in the {m}', 'some {j} {n} with a {m}', 'please {w}', 'we talked about the {n} yesterday', '{j}', '{w} it again']
ON = set('armchair bed cart coffeemachine coffeetable countertop desk diningtable dresser ottoman shelf sidetable sofa stoveburner toilet '
         'toiletpaperhanger towelholder handtowelholder tvstand'.split())
PARTICLE = re.compile(r'\b(warm|heat|cool|rinse|cut) (up|down|off) it\b')
POLITE = ['', '', '', '', 'please ', 'now ', 'go and ', 'i need you to ', 'can you ', 'next, ']


@dataclass
class Maker:
    """Draws sentences; `held` picks the templates and names that training never sees."""
    seed: int
    held: bool = False
    r: random.Random = field(init=False)

    def __post_init__(self): self.r = random.Random(self.seed)

    def name(self, table, key):
        if self.held:
            if key in HELD_OUT and self.r.random() < 0.5: return self.r.choice(HELD_OUT[key])
            return self.r.choice(table[key][:2])
        return key if self.r.random() < 0.2 else self.r.choice(table[key])

    def fill(self, template, obj, rec, **words):
        o = self.name(OBJECTS, obj)
        r = self.name(RECEPTACLES, rec) if rec else ''
        a = words.get('a', '')
        p = 'on' if rec in ON else 'in'
        if not self.held and self.r.random() < 0.1: p = 'on' if p == 'in' else 'in'
        text = template.format(o=o, ao=self.r.choice([article(o), article(o), 'the ' + o]), os=plural(o), r=r, p=p,
                               aao=article(f'{a} {o}'), **words)
        text = PARTICLE.sub(r'\1 it \2', text)
        if not self.held and self.r.random() < 0.2 and text.split()[0] not in ('the', 'i', 'could', 'please'):
            text = self.r.choice(POLITE) + text
        return text + self.r.choice(['', '', '.']) if text[-1] not in '.?' else text

    def words_for(self, op, suffix=''):
        verbs, adjectives = VERBS[op], ADJECTIVES[op]
        return {'v' + suffix: self.r.choice(verbs), 'a' + suffix: self.r.choice(adjectives)}

    def official(self):
        kind = self.r.choice(['simple', 'simple', 'clean', 'heat', 'cool', 'two', 'two', 'look'])
        pool = LOOKABLE if kind == 'look' else OPERATIONS.get(kind, list(OBJECTS))
        if kind == 'look' and self.r.random() < 0.3: pool = list(OBJECTS)
        obj, rec = self.r.choice(pool), self.r.choice(list(RECEPTACLES))
        text = self.r.choice(official(kind, obj, rec))
        ops = ('light',) if kind == 'look' else (kind,) if kind in OPERATIONS else ()
        return Sentence(text, ops, 2 if kind == 'two' else 1, obj, None if kind == 'look' else rec, official=True)

    def paraphrase(self, kind=None, obj=None, rec=None):
        """One of the six task types as a person would say it; what isn't given is drawn."""
        kind = kind or self.r.choice(['simple', 'clean', 'heat', 'cool', 'two', 'look'])
        pool = LOOKABLE if kind == 'look' else OPERATIONS.get(kind, list(OBJECTS))
        obj, rec = obj or self.r.choice(pool), rec or self.r.choice(list(RECEPTACLES))
        if kind == 'look':
            return Sentence(self.fill(self.r.choice(LOOK_HELD if self.held else LOOK), obj, None), ('light',), 1, obj)
        used, held = {'simple': (SIMPLE, SIMPLE_HELD), 'two': (TWO, TWO_HELD)}.get(kind, (OP, OP_HELD))
        template = self.r.choice(held if self.held else used)
        if kind not in OPERATIONS: return Sentence(self.fill(template, obj, rec), (), 2 if kind == 'two' else 1, obj, rec)
        return Sentence(self.fill(template, obj, rec, **self.words_for(kind)), (kind,), 1, obj, rec)

    def chore(self):
        """A goal outside the six types."""
        kind, rec = self.r.choice(['three', 'twice', 'twice', 'slice', 'slice2', 'back', 'fetch']), self.r.choice(list(RECEPTACLES))
        if kind == 'three':
            obj = self.r.choice(list(OBJECTS))
            return Sentence(self.fill(self.r.choice(THREE_HELD if self.held else THREE), obj, rec), (), 3, obj, rec)
        if kind in ('twice', 'slice2'):
            first = 'slice' if kind == 'slice2' else 'clean'
            second = self.r.choice(['heat', 'cool'] + (['clean'] if kind == 'slice2' else []))
            obj = self.r.choice([o for o in OPERATIONS[first] if o in OPERATIONS[second]])
            words = {**self.words_for(first, '1'), **self.words_for(second, '2')}
            return Sentence(self.fill(self.r.choice(TWICE_HELD if self.held else TWICE), obj, rec, **words), (first, second), 1, obj, rec)
        if kind == 'slice':
            obj = self.r.choice(FOOD)
            return Sentence(self.fill(self.r.choice(SLICED_HELD if self.held else SLICED), obj, rec, **self.words_for('slice')), ('slice',), 1, obj, rec)
        if kind == 'fetch':
            obj = self.r.choice(LOOKABLE)
            return Sentence(self.fill(self.r.choice(FETCH_HELD if self.held else FETCH), obj, rec), ('light', 'fetch'), 1, obj, rec)
        op = self.r.choice(['clean', 'heat', 'cool'])
        obj = self.r.choice(OPERATIONS[op])
        return Sentence(self.fill(self.r.choice(BACK_HELD if self.held else BACK), obj, None, **self.words_for(op)), (op,), 1, obj, back=True)

    def general(self, vocabulary):
        """Plain English that has nothing to do with the games, from a list of words (frequent first)."""
        w = lambda: vocabulary[int(len(vocabulary) * self.r.random() ** 1.5)]
        if self.r.random() < 0.25: return Sentence(' '.join(w() for _ in range(self.r.randint(1, 7))), general=True)
        return Sentence(self.r.choice(GENERAL).format(n=w(), m=w(), j=w(), w=w()), general=True)


def draw(make, n):
    """n different sentences of one kind."""
    seen = {}
    for _ in range(50 * n):
        s = make()
        seen.setdefault(s.text, s)
        if len(seen) == n: break
    return list(seen.values())
