/**
 * The two dialects of ALFWorld's releases. Releases before 0.4 say `put x in/on y`, name the location on arrival and
 * know no `help`; later ones say `move x to y`. The same trial holds the same problem in both, so a game can be told
 * in either: {@link inDialect} writes it as the other release's own file would say it.
 */

import { ok, type Result } from '../base/result.ts';
import { CLEANING_PLACE, DOMAIN_TEXT, HELP_ACTION, OLDER_CLEANING_PLACE } from './domain-text.ts';
import { formatGameFile, recogniseGame } from './game.ts';
import { type Dialect, grammarText } from './grammar-text.ts';

export const DIALECTS: readonly Dialect[] = ['move', 'put'];

/**
 * A game file's text in a dialect: its own text where it's in that dialect already. Problem, task and what cleans
 * stay; domain, grammar and walkthrough are the dialect's. Codes: those of the file, the domain and the grammar.
 */
export function inDialect(text: string, dialect: Dialect): Result<string> {
  return retold(text, dialect, undefined);
}

/** The same game with another sentence for its task; the goal stays. Codes as {@link inDialect}. */
export function withTask(text: string, task: string): Result<string> {
  return retold(text, undefined, task);
}

function retold(text: string, wanted: Dialect | undefined, task: string | undefined): Result<string> {
  const recognised = recogniseGame(text);
  if (!recognised.ok) return recognised;
  const { file, domain, grammar } = recognised.value;
  const dialect = wanted ?? grammar.dialect;
  if (grammar.dialect === dialect && task === undefined) return ok(text);
  const { pddl_problem, solvable, walkthrough } = file;
  return ok(
    formatGameFile({
      pddl_domain: domainText(dialect, domain.cleaningTypes.includes('sinktype')),
      grammar: grammarText(task ?? grammar.task, dialect),
      pddl_problem,
      solvable,
      ...(walkthrough && { walkthrough: walkthrough.map((command) => commandIn(command, dialect)) }),
    }),
  );
}

/** A command as a dialect says it; only putting something down is said otherwise. */
export function commandIn(command: string, dialect: Dialect): string {
  return dialect === 'put'
    ? command.replace(/^move (.+) to (.+)$/s, 'put $1 in/on $2')
    : command.replace(/^put (.+) in\/on (.+)$/s, 'move $1 to $2');
}

/** The domain as a dialect's files have it. */
function domainText(dialect: Dialect, sinksClean: boolean): string {
  const text = dialect === 'put' ? DOMAIN_TEXT.replace(HELP_ACTION, '') : DOMAIN_TEXT;
  return sinksClean ? text.replace(CLEANING_PLACE, OLDER_CLEANING_PLACE) : text;
}
