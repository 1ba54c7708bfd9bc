import os from 'node:os';
import { Command } from 'commander';
import { requestRedaction, type RedactionAnswer } from '../client/redaction.ts';
import type { Position } from '../pipeline/event.ts';
import { placeOfLog } from './data-dir.ts';
import { addHubOptions, httpEndpoint, type HubOptions } from './hub-options.ts';
import { plainJson } from './plain-text.ts';
import { redactInLog } from './redact-in-log.ts';
import { wholeNumber } from './usage-error.ts';

interface RedactOptions extends HubOptions {
  readonly reason?: string;
  readonly by?: string;
  readonly json?: true;
}

const examples = `
Example:
  alert-hub redact 4711 --reason "a password was posted"

Blanks the message, the labels and the data of one event, for good. It keeps its place,
its id, times, source, severity and key, and "alert-hub verify" still holds. Backups,
exports, mails and pages that were made before have the text still: see docs/backup.md.
`;

export function redactCommand(): Command {
  const command = new Command('redact')
    .description('blank the content of one event, for good')
    .argument('<position>', 'its place in the log', wholeNumber(1))
    .option('--reason <text>', 'why, for the record that is kept of it')
    .option('--by <name>', 'who asks for it (default: the user of this shell)')
    .option('--json', 'print the result as JSON');
  return addHubOptions(command)
    .addHelpText('after', examples)
    .action(async (position: Position, options: RedactOptions) => {
      const answer = await redact(position, options);
      process.stdout.write(`${options.json === true ? plainJson(answer) : inWords(answer)}\n`);
    });
}

async function redact(position: Position, options: RedactOptions): Promise<RedactionAnswer> {
  const { by = os.userInfo().username, reason } = options;
  const place = await placeOfLog(options);
  const on = { by, ...(reason === undefined ? {} : { reason }) };
  return 'hub' in place
    ? await requestRedaction(httpEndpoint(place.hub), position, on)
    : await redactInLog(place.dataDir, position, on);
}

function inWords({ position, duplicate, erased }: RedactionAnswer): string {
  const done = duplicate === true ? `position ${position} was blank already` : `position ${position} is redacted`;
  return erased ? done : `${done}; its text is still in a file until readers let go: run it again to erase it`;
}
