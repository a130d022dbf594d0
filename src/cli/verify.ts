import { totalBytes } from '../weights/manifest.ts';
import { verifyFolder } from './converting/verify-folder.ts';
import { defineSubcommand } from './program/command.ts';
import { type CommandEnd, done, failed } from './program/outcome.ts';

export const subcommand = defineSubcommand({
  options: (command) =>
    command
      .requiredOption('--model <folder>', 'folder with manifest.json that duomem convert or merge wrote')
      .addHelpText('after', HELP),
  run: async ({ model }, { print, progress }): Promise<CommandEnd> => {
    const verified = await verifyFolder(model, (read, total) =>
      progress(`${Math.floor((100 * read) / Math.max(1, total))} % read`),
    );
    if (!verified.ok) return verified;
    const { manifest, problems } = verified.value;
    for (const { path, message } of problems) print(`${path}: ${message}`);
    const result = {
      model: manifest.model,
      quantization: manifest.quantization,
      files: manifest.files.length,
      bytes: totalBytes(manifest),
      problems,
    };
    return problems.length === 0
      ? done(result)
      : failed(`${problems.length} of the folder's files aren't as they were written.`, result);
  },
});

const HELP = `
Reads every byte, and finds any that was changed, and files that are missing, too many, too short or exchanged.
Ends with 0 where all is well, 1 where something differs, 3 where the manifest is missing or itself damaged.

Example:
  duomem verify --model student-q4f16_1

Result: {"model","quantization","files","bytes","problems":[{"path","code","message"}]}.`;
