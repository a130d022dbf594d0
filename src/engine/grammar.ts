/**
 * Reads the TWL2 grammar of a game: which dialect its commands and texts are in, and the task. A grammar is taken
 * when, for every action of the domain, the command's template and everything its feedback can expand to are those
 * that this engine prints; the names of the rules don't matter.
 */

import { readJson, readObject } from '../base/read-json.ts';
import { ok, type Parsed, type Refused, refuse } from '../base/result.ts';
import { Budget } from './budget.ts';
import type { Domain } from './domain.ts';
import { type Dialect, grammarText, HELP_TEXT, TASK_PREFIX } from './grammar-text.ts';

/** Why it refuses. */
export type GrammarCode =
  | 'GRAMMAR_DIFFERS'
  | 'GRAMMAR_SHAPE'
  | 'GRAMMAR_TASK'
  | 'GRAMMAR_TOO_DEEP'
  | 'GRAMMAR_TOO_LARGE';

export interface Grammar {
  readonly dialect: Dialect;
  /** The sentence behind 'Your task is to: '. */
  readonly task: string;
}

interface Rule {
  readonly condition: string;
  readonly rhs: string;
}

interface ParsedGrammar {
  readonly rules: ReadonlyMap<string, readonly Rule[]>;
  readonly actions: ReadonlyMap<string, { readonly template: string; readonly feedback: string }>;
}

/** The longest grammar text that is read, in UTF-16 code units; the official ones have 13,100. */
const MAX_GRAMMAR_LENGTH = 200_000;
/** How many characters a grammar's rules may take to write out; the official ones take less than 60,000. */
const MAX_GRAMMAR_EXPANSION = 2_000_000;
/** How deep rules may refer to rules; the official ones do so at most 4 deep. */
const MAX_RULE_DEPTH = 32;
/** The longest task, in UTF-16 code units, as memories have it; the official ones have up to 51. */
const MAX_TASK_LENGTH = 500;
const PLACE = 'grammar';
const TASK_START = `"${TASK_PREFIX}`;
const PLACEHOLDER = '"Your task is to: ?"';

/** The grammars read last: all games of a set share one but for the task, so it's nearly always the next one too. */
const recent: {
  readonly skeleton: string;
  readonly domain: Domain;
  readonly dialect: Parsed<Dialect, GrammarCode>;
}[] = [];
const RECENT = 4;
const yardsticks = new Map<Dialect, ReadonlyMap<string, string>>();

/** The grammar, where it means what ALFWorld's does. */
export function recogniseGrammar(text: string, domain: Domain): Parsed<Grammar, GrammarCode> {
  if (text.length > MAX_GRAMMAR_LENGTH) {
    return refuse(
      'GRAMMAR_TOO_LARGE',
      `the grammar has ${text.length} characters, more than the ${MAX_GRAMMAR_LENGTH} that are read`,
      PLACE,
    );
  }
  const start = text.indexOf(TASK_START);
  const end = start < 0 ? -1 : closingQuote(text, start + 1);
  if (end < 0) return refuse('GRAMMAR_TASK', `the grammar has no rule "${TASK_PREFIX}..."`, PLACE);
  const task = readTask(text.slice(start, end + 1));
  if (!task.ok) return task;
  const skeleton = text.slice(0, start) + PLACEHOLDER + text.slice(end + 1);
  let known = recent.find((one) => one.domain === domain && one.skeleton === skeleton);
  if (known === undefined) {
    known = { skeleton, domain, dialect: recogniseDialect(skeleton, domain) };
    recent.unshift(known);
    recent.length = Math.min(recent.length, RECENT);
  }
  return known.dialect.ok ? ok({ dialect: known.dialect.value, task: task.value }) : known.dialect;
}

/** Where a JSON string ends that has begun before `from`; -1 where it doesn't. */
function closingQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '"') return i;
    if (text[i] === '\\') i++;
  }
  return -1;
}

function readTask(literal: string): Parsed<string, GrammarCode> {
  const json = readJson(literal, { code: 'GRAMMAR_TASK', what: 'the task', longest: MAX_GRAMMAR_LENGTH });
  const text = json.ok ? json.value : undefined;
  if (typeof text !== 'string')
    return refuse('GRAMMAR_TASK', "the task in the grammar isn't a JSON string", PLACE);
  const task = text.slice(TASK_PREFIX.length);
  if (task.length > MAX_TASK_LENGTH)
    return refuse('GRAMMAR_TASK', `the task is longer than ${MAX_TASK_LENGTH} characters`, PLACE);
  // The real engine would expand grammar symbols, and print control characters as they are.
  const bad = [...task].find((c) => '#{}[]|'.includes(c) || c < ' ');
  if (bad !== undefined) {
    const shown = JSON.stringify(bad);
    return refuse('GRAMMAR_TASK', `the task holds the character ${shown}, which isn't text`, PLACE);
  }
  if (task.trim() === '') return refuse('GRAMMAR_TASK', 'the task is empty', PLACE);
  return ok(task);
}

function recogniseDialect(skeleton: string, domain: Domain): Parsed<Dialect, GrammarCode> {
  const parsed = parseGrammar(skeleton);
  if (!parsed.ok) return parsed;
  const written = meaningOf(parsed.value);
  if (!written.ok) return written;
  const meaning = written.value;
  const template = parsed.value.actions.get('putobject')?.template;
  const dialect: Dialect = template?.startsWith('put') ? 'put' : 'move';
  let expected = yardsticks.get(dialect);
  if (expected === undefined) {
    const own = parseGrammar(grammarText('?', dialect));
    const meant = own.ok ? meaningOf(own.value) : own;
    if (!meant.ok) throw new Error(`the engine's own grammar doesn't parse: ${meant.error.message}`);
    expected = meant.value;
    yardsticks.set(dialect, expected);
  }
  for (const [key, value] of expected) {
    if (key === 'action help' && !domain.help) continue;
    const theirs = meaning.get(key);
    if (theirs === undefined) return refuse('GRAMMAR_DIFFERS', `the grammar lacks ${key}`, PLACE);
    if (theirs !== value) {
      return refuse('GRAMMAR_DIFFERS', `the grammar says something else than ALFWorld's for ${key}`, PLACE);
    }
  }
  return ok(dialect);
}

/** For the intro, the list words and each action: its template and its feedback with every rule written out. */
function meaningOf(grammar: ParsedGrammar): Parsed<ReadonlyMap<string, string>, GrammarCode> {
  const writer = new RuleWriter(grammar.rules);
  const meaning = new Map<string, string>();
  for (const symbol of ['intro', 'list_empty', 'list_separator', 'list_last_separator']) {
    meaning.set(`the rule ${symbol}`, writer.write(`#${symbol}#`));
  }
  for (const [name, { template, feedback }] of grammar.actions) {
    const text = writer.write(feedback);
    if (writer.refusal !== undefined) return writer.refusal;
    // Older files print the help from a literal instead of a rule.
    const printed = name === 'help' && text.trim() === HELP_TEXT.trim() ? 'help text' : text;
    meaning.set(`action ${name}`, JSON.stringify([squeeze(template), squeeze(printed)]));
  }
  return writer.refusal ?? ok(meaning);
}

/** Writes rules out in the place of their symbols, as long as the grammar's budget lasts. */
class RuleWriter {
  refusal: Refused<GrammarCode> | undefined;
  readonly #rules: ReadonlyMap<string, readonly Rule[]>;
  readonly #budget = new Budget(MAX_GRAMMAR_EXPANSION);

  constructor(rules: ReadonlyMap<string, readonly Rule[]>) {
    this.#rules = rules;
  }

  /** Counts characters before they are written; false where the grammar is refused. */
  #spend(characters: number): boolean {
    if (!this.#budget.spend(characters))
      this.refusal ??= refuse(
        'GRAMMAR_TOO_LARGE',
        `the grammar's rules take more than ${MAX_GRAMMAR_EXPANSION} characters to write out`,
        PLACE,
      );
    return this.refusal === undefined;
  }

  write(text: string, depth = 0): string {
    if (depth > MAX_RULE_DEPTH)
      this.refusal ??= refuse(
        'GRAMMAR_TOO_DEEP',
        `the grammar's rules refer to each other more than ${MAX_RULE_DEPTH} deep, or in a circle`,
        PLACE,
      );
    if (this.refusal !== undefined || !this.#spend(text.length)) return '';
    return text.replace(/#([^#\n]+)#/g, (_, symbol: string) => {
      const list = this.#rules.get(symbol);
      if (list === undefined) return this.#spend(symbol.length) ? `<unknown ${symbol}>` : '';
      const written: string[] = [];
      for (const rule of list) {
        const rhs = this.write(rule.rhs, depth + 1);
        if (!this.#spend(rhs.length + rule.condition.length + 10)) return '';
        written.push(rule.condition === '' ? rhs : `<if ${squeeze(rule.condition)}: ${rhs}>`);
      }
      return written.join('<else>');
    });
  }
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function parseGrammar(text: string): Parsed<ParsedGrammar, GrammarCode> {
  const rules = new Map<string, Rule[]>();
  const actions = new Map<string, { template: string; feedback: string }>();
  const token = /\s+|#[^\n]*|"""([\s\S]*?)"""|"([^"]*)"|[\w/-]+|::|[{};]/y;
  const tokens: string[] = [];
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null)
      return refuse('GRAMMAR_SHAPE', `the grammar has an unexpected ${JSON.stringify(text[at])}`, PLACE);
    const word = match[0];
    if (/^\s|^#/.test(word)) continue;
    tokens.push(word);
  }
  let i = 0;
  const take = (): string => tokens[i++] ?? '';
  while (i < tokens.length) {
    const head = take();
    if (head === 'grammar' && take() === '::') {
      const added = addRules(rules, take());
      if (!added.ok) return added;
      if (take() !== ';')
        return refuse('GRAMMAR_SHAPE', "a grammar block doesn't end with a semicolon", PLACE);
    } else if (head === 'action') {
      const name = take().toLowerCase();
      const action = { template: '', feedback: '' };
      if (take() !== '{') return refuse('GRAMMAR_SHAPE', `the grammar's action ${name} has no body`, PLACE);
      for (let key = take(); key !== '}'; key = take()) {
        if (take() !== '::')
          return refuse('GRAMMAR_SHAPE', `the grammar's action ${name} isn't understood at ${key}`, PLACE);
        const value = take();
        if (key === 'grammar') {
          const added = addRules(rules, value);
          if (!added.ok) return added;
        } else if (key === 'template') action.template = value.slice(1, -1);
        else if (key === 'feedback') action.feedback = value.slice(1, -1);
        else return refuse('GRAMMAR_SHAPE', `the grammar's action ${name} has an unknown part ${key}`, PLACE);
        if (take() !== ';')
          return refuse('GRAMMAR_SHAPE', `the grammar's action ${name} lacks a semicolon`, PLACE);
      }
      actions.set(name, action);
    } else {
      return refuse('GRAMMAR_SHAPE', `the grammar isn't understood at ${JSON.stringify(head)}`, PLACE);
    }
  }
  return ok({ rules, actions });
}

function addRules(rules: Map<string, Rule[]>, block: string): Parsed<void, GrammarCode> {
  const text = block.startsWith('"""') ? block.slice(3, -3) : '';
  const what = { what: 'a grammar block', longest: MAX_GRAMMAR_LENGTH, place: PLACE };
  const data = readObject(text, { code: 'GRAMMAR_SHAPE', ...what });
  if (!data.ok) return data;
  for (const [symbol, list] of Object.entries(data.value)) {
    if (!Array.isArray(list))
      return refuse('GRAMMAR_SHAPE', `the grammar's rule ${symbol} isn't a list`, PLACE);
    for (const rule of list as unknown[]) {
      const { rhs, condition = '' } = (rule ?? {}) as { rhs?: unknown; condition?: unknown };
      if (typeof rhs !== 'string' || typeof condition !== 'string') {
        return refuse('GRAMMAR_SHAPE', `the grammar's rule ${symbol} has no text`, PLACE);
      }
      const known = rules.get(symbol);
      if (known === undefined) rules.set(symbol, [{ rhs, condition }]);
      else known.push({ rhs, condition });
    }
  }
  return ok(undefined);
}
