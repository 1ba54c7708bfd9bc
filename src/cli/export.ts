import { Command } from 'commander';
import { addHubOptions, type HubOptions } from './hub-options.ts';
import { placeParser, replay, type Place } from './replay-run.ts';

interface ExportOptions extends HubOptions {
  readonly from?: Place;
  readonly to?: Place;
  readonly type?: string;
}

const examples = `
Examples:
  alert-hub export > events.ndjson
  alert-hub export 'severity>=error' --from 30d | gzip > errors.ndjson.gz

One record a line, whole, in order; "alert-hub import" takes them into another hub. The
exit code is 0 only when all of them came.
`;

export function exportCommand(): Command {
  const command = new Command('export')
    .description('write records to standard output, as lines of JSON')
    .argument('[query]', 'which ones, like: severity>=error source:sw-*')
    .option('--from <position|time>', 'the first (default: the beginning)', placeParser)
    .option('--to <position|time>', 'the last (default: the present end)', placeParser)
    .option('--type <types>', 'which records: a comma list, or * for all (default: event)');
  return addHubOptions(command)
    .addHelpText('after', examples)
    .action(async (query: string | undefined, options: ExportOptions) => {
      process.exitCode = await replay(query, options);
    });
}
