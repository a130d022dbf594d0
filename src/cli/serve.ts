/** `duomem serve`: environments for programs, over standard input and output or over HTTP. */
import { refuse } from '../base/result.ts';
import type { GameSet } from '../engine/import/index.ts';
import { Catalogue } from '../serve/catalogue.ts';
import { DEFAULT_SERVICE_LIMITS, Service } from '../serve/service.ts';
import { openGames } from './files/open-games.ts';
import { defineSubcommand, wholeNumber } from './program/command.ts';
import { type CommandEnd, done, wrongUsage } from './program/outcome.ts';
import { tellingOf, withTelling } from './program/telling.ts';
import type { Terminal } from './program/terminal.ts';
import { VERSION } from './program/version.ts';
import { type HttpOptions, isLoopback, serveHttp } from './serve/http.ts';
import { servePipe } from './serve/pipe.ts';

export const subcommand = defineSubcommand({
  options: (command) =>
    withTelling(
      command.option('--games <path...>', 'folders or zips of games; homes of our own can be played without'),
    )
      .option(
        '--max-episodes <n>',
        'episodes open at once',
        wholeNumber(1, 1_000_000),
        DEFAULT_SERVICE_LIMITS.episodes,
      )
      .option('--port <n>', 'listen there over HTTP instead (0: any free port)', wholeNumber(0, 65_535))
      .option('--host <name>', 'where to listen; another than this machine needs a token', '127.0.0.1')
      .option('--token <text>', 'what clients have to send as Authorization: Bearer (or DUOMEM_TOKEN)')
      .addHelpText(
        'after',
        `
Reads a message a line on standard input and answers each with a line on standard output, in the same order. A message
is a request, or a list of requests: {"op":"reset","game":KEY} (or "split" with "index" or "seed", or "home" with
"task"), {"op":"step","episode":E,"action":"look"}, state, snapshot, restore, close, games, info. docs/alfworld.md
describes all of it. Ends when standard input does. With --port messages are posted to /, and {"listening"} is the first
line printed; Ctrl-C ends it. Result: {"messages"}.`,
      ),
  run: async (
    { games = [], goals, dialect, maxEpisodes, port, host, token = process.env.DUOMEM_TOKEN },
    terminal,
  ) => {
    if (port !== undefined && !isLoopback(host) && !token)
      return wrongUsage('To listen for other machines it needs a --token (or DUOMEM_TOKEN).');
    const { signal } = terminal;
    const sets: GameSet[] = [];
    try {
      for (const path of games) {
        const set = await openGames(path, tellingOf({ goals }), { signal });
        if (!set.ok) return set;
        sets.push(set.value);
        if (set.value.games.length === 0) return refuse('GAMES_NONE', 'It holds no game.', path);
      }
      const service = new Service(new Catalogue(sets), {
        version: VERSION,
        dialect,
        limits: { episodes: maxEpisodes },
        now: () => performance.now(),
      });
      if (port === undefined)
        return done({ messages: await servePipe(service, process.stdin, process.stdout, signal) });
      return await listen(service, { host, port, token: token || undefined }, terminal);
    } finally {
      for (const set of sets) await set.close();
    }
  },
});

async function listen(
  service: Service,
  options: HttpOptions,
  { print, signal }: Terminal,
): Promise<CommandEnd> {
  const messages = await serveHttp(service, options, signal, (listening) =>
    print(JSON.stringify({ listening })),
  );
  return messages.ok ? done({ messages: messages.value }) : messages;
}
