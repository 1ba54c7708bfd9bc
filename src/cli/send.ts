import { Command, InvalidArgumentError } from 'commander';
import type { Verdict } from '../client/verdict.ts';
import { statuses, type Status } from '../pipeline/event.ts';
import { severityByName } from '../pipeline/severity-names.ts';
import { parseSpan } from '../pipeline/span.ts';
import { Delivery } from './delivery.ts';
import { defaultsOf, withDefaults } from './draft-defaults.ts';
import { addHubOptions } from './hub-options.ts';
import { Output } from './output.ts';
import { plainJson, plainText } from './plain-text.ts';
import { sendLines, type SendOptions } from './send-lines.ts';
import { addTargetOptions } from './target.ts';
import { optionParser, UsageError } from './usage-error.ts';

/** Someone waits at the prompt. */
const giveUpOnOneMs = 30_000;
/** What comes through a pipe is not to be lost while a hub is being repaired. */
const giveUpOnManyMs = 3_600_000;

const examples = `
Examples:
  alert-hub send --source sensor_01 --severity warning "temperature 81 C above 75 C"
  alert-hub send --key disk --status resolved "disk is fine again"
  tail -F /var/log/syslog | alert-hub send --source "$(hostname)"
  alert-hub send < events.ndjson

Without MESSAGE (or with -) every line of standard input is an event: a JSON object
as it is, with the flags for what it lacks, any other text as the message of one.
Each is sent again, with the same id, until the hub has acknowledged it.
`;

export function sendCommand(): Command {
  const severity = optionParser(severityByName, 'must be one of info, warning, error, critical');
  const status = optionParser<Status>((text) => statuses.find((name) => name === text), 'must be firing or resolved');
  const span = optionParser(parseSpan, 'must be a span like 30s, 15m or 1h');
  const command = new Command('send')
    .description('send an event, or one for every line of standard input')
    .argument('[message...]', 'what has happened')
    .option('--source <name>', 'where it happened')
    .option('--severity <severity>', 'info, warning, error or critical', severity)
    .option('--key <key>', 'what the alert is about (default: the source)')
    .option('--status <status>', 'firing or resolved', status)
    .option('--label <name=value>', 'a label; may be given again', readLabel)
    .option('--id <id>', 'the id of the event, for safe resending');
  return addHubOptions(addTargetOptions(command))
    .option('--give-up-after <span>', 'when nothing is acknowledged (default: 30s for MESSAGE, 1h for lines)', span)
    .option('--json', 'print each verdict as a line of JSON')
    .addHelpText('after', examples)
    .action(async (words: readonly string[], options: SendOptions) => {
      const isPiped = words.length === 0 || (words.length === 1 && words[0] === '-');
      if (isPiped && options.id !== undefined)
        throw new UsageError('--id goes with a MESSAGE; give the lines ids of their own');
      const settled = isPiped
        ? sendLines(process.stdin, { giveUpAfter: giveUpOnManyMs, ...options })
        : sendOne(words.join(' '), { giveUpAfter: giveUpOnOneMs, ...options });
      process.exitCode = await settled;
    });
}

async function sendOne(message: string, options: SendOptions & { readonly giveUpAfter: number }): Promise<number> {
  const output = new Output(process.stdout, () => undefined);
  const note = (line: string): void => void process.stderr.write(`${plainText(line)}\n`);
  const delivery = await Delivery.open({
    target: { ...options, env: process.env },
    giveUpAfterMs: options.giveUpAfter,
    onVerdict: (verdict) => {
      if (options.json === true) output.line(plainJson(verdict));
      else if (verdict.ok) output.line(placeInWords(verdict));
      else note(`${verdict.code}: ${verdict.error}`);
    },
    noun: 'event',
    note,
    onOver: () => undefined,
  });
  process.once('SIGINT', () => delivery.stop('interrupted'));
  const draft = options.id === undefined ? { message } : { id: options.id, message };
  await delivery.send(withDefaults(draft, defaultsOf(options)), 1);
  for (const line of await delivery.finish()) note(line);
  return delivery.tally.acknowledged === 1 ? 0 : 1;
}

function placeInWords({ position, duplicate }: Extract<Verdict, { ok: true }>): string {
  return `${duplicate === true ? 'already recorded' : 'recorded'} at position ${position}`;
}

/** Commander gives what the flag has given so far. */
function readLabel(text: string, labels: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be like site=madrid.');
  return { ...labels, [name]: value };
}
