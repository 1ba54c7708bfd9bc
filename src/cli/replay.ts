import { Command } from 'commander';
import { addHubOptions } from './hub-options.ts';
import { placeParser, replay, type ReplayOptions } from './replay-run.ts';
import { addTargetOptions } from './target.ts';
import { optionParser } from './usage-error.ts';

const examples = `
Examples:
  alert-hub replay 'source:sw-*' --from 2h > sw.ndjson
  alert-hub replay --from 1 --to 5000 --speed 10 --tcp test-hub:9000

Events go to standard output, or to another hub with the id, time and source that they
have: what it has already is not recorded twice. The hub that is read from is --url;
HUB_TARGET_TOKEN (or HUB_TARGET_TOKEN_FILE) is the token of the one that is sent to.
`;

export function replayCommand(): Command {
  const speed = optionParser(readSpeed, 'must be max, or a number above 0 such as 1 or 10');
  const command = new Command('replay')
    .description('read history, or send it to another hub')
    .argument('[query]', 'which events, like: severity>=error source:sw-*')
    .option('--from <position|time>', 'the first (default: the beginning)', placeParser)
    .option('--to <position|time>', 'the last (default: the present end)', placeParser)
    .option('--speed <speed>', 'max, or so many times as fast as it was (default: max)', speed);
  return addTargetOptions(addHubOptions(command))
    .addHelpText('after', examples)
    .action(async (query: string | undefined, options: ReplayOptions) => {
      process.exitCode = await replay(query, options);
    });
}

function readSpeed(text: string): number | undefined {
  if (text === 'max') return Infinity;
  const speed = /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  return speed > 0 ? speed : undefined;
}
