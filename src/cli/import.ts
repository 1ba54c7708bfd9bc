import fs from 'node:fs';
import { Command } from 'commander';
import { addHubOptions } from './hub-options.ts';
import { importLines, type ImportOptions } from './import-run.ts';

const examples = `
Examples:
  alert-hub import events.ndjson
  zcat events.ndjson.gz | alert-hub import --data-dir /var/lib/alert-hub

Lines as "alert-hub export" writes them. Events keep their id and time, and get a place,
a receivedAt and the channel "import" here; nobody is mailed about them. What is there
already is not recorded twice, so an import that was cut is simply run again.
`;

export function importCommand(): Command {
  const command = new Command('import')
    .description('record events of another log, with the id and time that they have')
    .argument('[file]', 'lines of JSON (default: standard input)')
    .option('--json', 'print the result as JSON');
  return addHubOptions(command)
    .addHelpText('after', examples)
    .action(async (file: string | undefined, options: ImportOptions) => {
      const isPiped = file === undefined || file === '-';
      const input = isPiped ? process.stdin : fs.createReadStream(file);
      process.exitCode = await importLines(input, options);
    });
}
