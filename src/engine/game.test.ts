import { describe, expect, test } from 'vitest';
import { unwrap } from '../base/result.ts';
import { smallGame, smallProblem } from '../testing/small-game.ts';
import { DOMAIN_TEXT } from './domain-text.ts';
import { formatGameFile, type GameFile, parseGame, parseGameFile } from './game.ts';
import { grammarText, HELP_TEXT } from './grammar-text.ts';
import { formatProblem } from './problem.ts';

const base: GameFile = unwrap(parseGameFile(smallGame()));

/** The small game with one key replaced. */
function spoilt(change: Partial<Record<keyof GameFile, unknown>>): string {
  return JSON.stringify({ ...base, ...change });
}

function withProblem(edit: (problem: ReturnType<typeof smallProblem>) => void): string {
  const problem = smallProblem();
  edit(problem);
  return spoilt({ pddl_problem: formatProblem(problem) });
}

const without = (key: keyof GameFile): string => {
  const copy: Record<string, unknown> = { ...base };
  delete copy[key];
  return JSON.stringify(copy);
};

const fact = (...words: string[]) => withProblem((p) => p.init.push(words));
const goal = (text: string) => smallGame({ goal: text });
const domain = (section: string) => inDomain('(:functions', `${section} (:functions`);
const problemWith = (section: string) =>
  spoilt({ pddl_problem: base.pddl_problem.replace('(:init', `${section} (:init`) });
/** The small game with a piece of its domain, or of its grammar, replaced by another. */
const inDomain = (old: string | RegExp, other: string) =>
  spoilt({ pddl_domain: DOMAIN_TEXT.replace(old, other) });
const inGrammar = (old: string, other: string) => spoilt({ grammar: base.grammar.replace(old, other) });
const VARIABLES = [...'abcdefgh'].map((letter) => `?${letter}`);

/** The small game with rules of its grammar replaced, each by alternatives. */
function withRules(rules: Readonly<Record<string, readonly string[]>>): string {
  const [, block = ''] = /grammar :: """\n([\s\S]*?)\n"""/.exec(base.grammar) ?? [];
  const changed = Object.entries(rules).map(([name, all]) => [name, all.map((rhs) => ({ rhs }))]);
  const all = { ...JSON.parse(block), ...Object.fromEntries(changed) };
  return spoilt({ grammar: base.grammar.replace(block, () => JSON.stringify(all)) });
}

const MALFORMED: readonly (readonly [name: string, text: string, code: string])[] = [
  ['truncated JSON', smallGame().slice(0, -20), 'NOT_JSON'],
  ['an empty file', '', 'NOT_JSON'],
  ['a JSON list', '[]', 'NOT_JSON'],
  ['a string that never ends', '{"pddl_domain": "((((', 'NOT_JSON'],
  ['10 MB of (', '('.repeat(10_000_000), 'GAME_TOO_LARGE'],
  ['deep JSON', '['.repeat(100_000), 'NOT_JSON'],
  ['no domain', without('pddl_domain'), 'GAME_KEY_MISSING'],
  ['no grammar', without('grammar'), 'GAME_KEY_MISSING'],
  ['no problem', without('pddl_problem'), 'GAME_KEY_MISSING'],
  ['no solvable', without('solvable'), 'GAME_KEY_MISSING'],
  ['a number for a domain', spoilt({ pddl_domain: 7 }), 'GAME_KEY_TYPE'],
  ['a word for solvable', spoilt({ solvable: 'yes' }), 'GAME_KEY_TYPE'],
  ['a walkthrough of numbers', spoilt({ walkthrough: [1, 2] }), 'GAME_KEY_TYPE'],
  ['an endless walkthrough', spoilt({ walkthrough: Array(2000).fill('look') }), 'GAME_KEY_TYPE'],
  ['an unsolvable game', spoilt({ solvable: false }), 'UNSOLVABLE'],
  [
    'a domain with a missing parenthesis',
    spoilt({ pddl_domain: DOMAIN_TEXT.trimEnd().slice(0, -1) }),
    'PDDL_UNBALANCED',
  ],
  [
    'a problem with one parenthesis too many',
    spoilt({ pddl_problem: `${base.pddl_problem})` }),
    'PDDL_UNBALANCED',
  ],
  ['two problems', spoilt({ pddl_problem: `${base.pddl_problem} ${base.pddl_problem}` }), 'PDDL_TRAILING'],
  ['an empty problem', spoilt({ pddl_problem: '; nothing here' }), 'PDDL_EMPTY'],
  ['1 MB of ( as a problem', spoilt({ pddl_problem: '('.repeat(1_000_001) }), 'PDDL_TOO_LARGE'],
  ['a deep problem', spoilt({ pddl_problem: '('.repeat(100_000) }), 'PDDL_TOO_DEEP'],
  [
    'another domain',
    spoilt({ pddl_domain: '(define (domain blocks) (:action stack :parameters ()))' }),
    'DOMAIN_ACTION_UNKNOWN',
  ],
  ['a domain without actions', spoilt({ pddl_domain: '(define (domain alfred))' }), 'DOMAIN_SHAPE'],
  [
    'a domain that lacks slicing',
    inDomain(/\(:action SliceObject[\s\S]*\)\n\)/, ')'),
    'DOMAIN_ACTION_MISSING',
  ],
  [
    'a domain in which heating also cleans',
    inDomain('(and (isHot ?o)', '(and (isHot ?o) (isClean ?o)'),
    'DOMAIN_ACTION_DIFFERS',
  ],
  ['a grammar with another wording', inGrammar('You pick up', 'You grab'), 'GRAMMAR_DIFFERS'],
  [
    'a grammar with another command',
    inGrammar('"heat {o} with {r}"', '"warm {o} with {r}"'),
    'GRAMMAR_DIFFERS',
  ],
  ['a grammar without a task', inGrammar('Your task is to:', 'Do:'), 'GRAMMAR_TASK'],
  [
    'a task with grammar symbols',
    spoilt({ grammar: grammarText('put #intro# in {r.name}.') }),
    'GRAMMAR_TASK',
  ],
  ["a grammar that isn't a grammar", spoilt({ grammar: '"Your task is to: go." %%' }), 'GRAMMAR_SHAPE'],
  [
    'a grammar with another word for nothing',
    inGrammar('"nothing"', '"#list_empty##list_empty#"'),
    'GRAMMAR_DIFFERS',
  ],
  [
    'a grammar in which two rules call each other',
    withRules({ list_empty: ['#list_separator#'], list_separator: ['#list_empty#'] }),
    'GRAMMAR_TOO_DEEP',
  ],
  [
    'a grammar with thousands of long alternatives',
    withRules({ list_empty: Array.from({ length: 5_000 }, () => '#long#'), long: ['x'.repeat(10_000)] }),
    'GRAMMAR_TOO_LARGE',
  ],
  [
    'a grammar that doubles itself thirty times',
    withRules({
      list_empty: ['#d0#'],
      ...Object.fromEntries(Array.from({ length: 29 }, (_, i) => [`d${i}`, [`#d${i + 1}##d${i + 1}#`]])),
      d29: ['xx'],
    }),
    'GRAMMAR_TOO_LARGE',
  ],
  ['a task as long as a book', spoilt({ grammar: grammarText('put '.repeat(200)) }), 'GRAMMAR_TASK'],
  ['a task that never ends', spoilt({ grammar: '"Your task is to: \\'.repeat(9_000) }), 'GRAMMAR_TASK'],
  ['a domain with an axiom', domain('(:derived (ishot ?o) (isclean ?o))'), 'PDDL_UNSUPPORTED'],
  ['a domain with constants', domain('(:constants mug_bar_9 - object)'), 'PDDL_UNSUPPORTED'],
  ['a domain with two lists of types', domain('(:types cup)'), 'PDDL_UNSUPPORTED'],
  ['a domain with a stray word', domain('axioms'), 'PDDL_UNSUPPORTED'],
  ['a domain that takes time', inDomain(':adl', ':adl :durative-actions'), 'PDDL_UNSUPPORTED'],
  ['a domain with types of types', inDomain('otype)', 'otype cup - object)'), 'PDDL_UNSUPPORTED'],
  ['an action with another part', inDomain(':parameters', ':duration (= 1) :parameters'), 'PDDL_UNSUPPORTED'],
  ['an action with two effects', inDomain(':effect', ':effect (and (opened ?r)) :effect'), 'DOMAIN_SHAPE'],
  [
    'a problem with constraints',
    problemWith('(:constraints (always (ishot mug_bar_1)))'),
    'PDDL_UNSUPPORTED',
  ],
  ['a problem with a second goal', problemWith('(:goal (ishot mug_bar_1))'), 'PDDL_UNSUPPORTED'],
  ['two names for one thing', fact('=', 'apple_bar_1', 'apple_bar_2'), 'UNKNOWN_PREDICATE'],
  ['an endless grammar', spoilt({ grammar: ' '.repeat(300_000) }), 'GRAMMAR_TOO_LARGE'],
  ['a duplicate name', withProblem((p) => p.objects.push(['apple_bar_1', 'object'])), 'DUPLICATE_NAME'],
  ['an unknown type', withProblem((p) => p.objects.push(['rex', 'dog'])), 'UNKNOWN_TYPE'],
  [
    'a name with a strange character',
    withProblem((p) => p.objects.push(['mug_bar_ä', 'object'])),
    'BAD_NAME',
  ],
  ['an unknown predicate', fact('isbroken', 'apple_bar_1'), 'UNKNOWN_PREDICATE'],
  ['a predicate named like a method', fact('constructor', 'apple_bar_1'), 'UNKNOWN_PREDICATE'],
  ['a fact about nothing', fact('ishot', 'pear_bar_1'), 'UNKNOWN_ENTITY'],
  ['a fact with too few arguments', fact('inreceptacle', 'apple_bar_1'), 'WRONG_ARGUMENTS'],
  ['a fact about the wrong kind of thing', fact('ishot', 'cabinet_bar_1'), 'WRONG_ARGUMENTS'],
  ['two agents', withProblem((p) => p.objects.push(['agent2', 'agent'])), 'WORLD_AGENT'],
  ['no start', withProblem((p) => p.init.shift()), 'WORLD_AGENT'],
  ['a receptacle at two places', fact('receptacleatlocation', 'fridge_bar_1', 'loc_bar_1'), 'WORLD_PLACE'],
  ['hands that hold nothing', fact('holdsany', 'agent1'), 'WORLD_HANDS'],
  [
    'a thing without a name',
    withProblem((p) => {
      p.objects.push(['spoon', 'object']);
      p.init.push(['pickupable', 'spoon']);
    }),
    'WORLD_NAME',
  ],
  [
    'too many things',
    withProblem((p) => {
      for (let i = 0; i < 2000; i++) p.objects.push([`x${i}`, 'object']);
    }),
    'PROBLEM_TOO_LARGE',
  ],
  [
    'so many things that an observation would be a book',
    withProblem((p) => {
      for (let i = 0; i < 900; i++) {
        p.objects.push([`thing_bar_${i}`, 'object']);
        p.init.push(['pickupable', `thing_bar_${i}`]);
      }
    }),
    'WORLD_TOO_LARGE',
  ],
  [
    'a name as long as a page',
    withProblem((p) => p.objects.push([`${'x'.repeat(300)}_bar_1`, 'object'])),
    'BAD_NAME',
  ],
  [
    'a goal that names nothing',
    goal('(exists (?o - object) (and (objecttype ?o appletype) (objecttype ?o mugtype) (ishot ?o)))'),
    'GOAL_IMPOSSIBLE',
  ],
  ['a goal about something undeclared', goal('(ishot pear_bar_1)'), 'GOAL_UNKNOWN_ENTITY'],
  ['a goal with a free variable', goal('(ishot ?o)'), 'GOAL_UNKNOWN_ENTITY'],
  ['a goal with an unknown predicate', goal('(isbroken apple_bar_1)'), 'GOAL_UNKNOWN_PREDICATE'],
  ['a goal over an unknown type', goal('(exists (?d - dog) (ishot apple_bar_1))'), 'GOAL_UNKNOWN_TYPE'],
  ['a goal of the wrong shape', goal('(not (ishot apple_bar_1) (ishot apple_bar_2))'), 'GOAL_SHAPE'],
  [
    'a goal too large to write out',
    goal(
      `(forall (?a - object ?b - object ?c - object ?d - object) (or (not (ishot ?a)) (not (ishot ?b)) (not (ishot ?c)) (not (ishot ?d))))`,
    ),
    'GOAL_TOO_LARGE',
  ],
  [
    'a goal whose every candidate is ruled out at the last variable',
    goal(
      `(exists (${VARIABLES.join(' ')} - object) (and (openable ?h) ${VARIABLES.map((v) => `(ishot ${v})`).join('')}))`,
    ),
    'GOAL_TOO_LARGE',
  ],
  [
    'a goal with sixty thousand variables',
    goal(`(exists (${Array.from({ length: 60_000 }, (_, i) => `?v${i}`).join(' ')} - object) (ishot ?v0))`),
    'GOAL_TOO_LARGE',
  ],
  [
    'a goal that asks more than can be asked at every step',
    goal(`(or ${'(ishot mug_bar_1)'.repeat(20_001)})`),
    'GOAL_TOO_LARGE',
  ],
  ['a problem that defines nothing', spoilt({ pddl_problem: '(problem)' }), 'PROBLEM_SHAPE'],
];

describe('parseGame', () => {
  test.each(MALFORMED)('refuses %s', (_, text, code) => {
    const result = parseGame(text);
    expect(result.ok ? 'taken' : result.error.code).toBe(code);
    // One sentence for a person: no code, no line break.
    if (!result.ok) expect(result.error.message).toMatch(/^[a-z0-9"(][^\n]{10,}$/i);
  });

  test('takes the file that all of these were spoilt from', () => {
    expect(parseGame(smallGame()).ok).toBe(true);
  });

  test('reads the dialect from the grammar and the domain, whatever the file says elsewhere', () => {
    const older = parseGame(smallGame({ dialect: 'put' }));
    expect(older.ok && older.value.dialect).toBe('put');
    expect(older.ok && older.value.help).toBe(true);
    const noHelp = parseGame(inDomain(/\(:action help[\s\S]*?\n\(:action/, '(:action'));
    expect(noHelp.ok && noHelp.value.help).toBe(false);
  });

  test('formatGameFile and parseGameFile undo each other', () => {
    const again = parseGameFile(formatGameFile(base));
    expect(again.ok && again.value).toEqual(base);
  });

  test.each(['\r\n', '\r'])('line breaks of another system change nothing: %j', (lineBreak) => {
    const texts = {
      pddl_domain: `; a comment\n${base.pddl_domain}`,
      // As official files have it: the text of help as it is printed, not by a rule.
      grammar: base.grammar.replace('#help.feedback#', HELP_TEXT),
      pddl_problem: `; another\n${base.pddl_problem}`,
    };
    expect(texts.grammar).toContain('Available commands:\n');
    const foreign = Object.fromEntries(
      Object.entries(texts).map(([key, value]) => [key, value.replaceAll('\n', lineBreak)]),
    );
    const [own, theirs] = [parseGame(spoilt(texts)), parseGame(`\uFEFF${spoilt(foreign)}`)];
    if (!own.ok || !theirs.ok) throw new Error(JSON.stringify([own, theirs]));
    expect(theirs.value.start().step('help')).toBe(own.value.start().step('help'));
  });
});
