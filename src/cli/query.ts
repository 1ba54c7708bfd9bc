import { Command } from 'commander';
import { readPages, type PageQuery } from '../client/pages.ts';
import type { RecordValue } from '../pipeline/record.ts';
import { isColoured } from './event-line.ts';
import { addHubOptions, httpEndpoint, hubLocator, type HubOptions } from './hub-options.ts';
import { counted } from './numbers.ts';
import { Output } from './output.ts';
import { plainJson } from './plain-text.ts';
import { Progress } from './progress.ts';
import { readInstantText, UsageError, wholeNumber } from './usage-error.ts';

interface QueryOptions extends HubOptions {
  readonly limit?: number;
  readonly all?: true;
  readonly asc?: true;
  readonly since?: string;
  readonly until?: string;
  readonly after?: number;
  readonly before?: number;
  readonly type?: string;
  readonly json?: true;
}

const defaultLimit = 100;

const examples = `
Examples:
  alert-hub query 'severity>=error source:sw-*' --since 2h
  alert-hub query '"link down"' --asc --all --json > down.ndjson
`;

export function queryCommand(): Command {
  const command = new Command('query')
    .description('search what has been recorded, the newest first')
    .argument('[query]', 'which ones, like: severity>=error "link down"')
    .option('--limit <count>', `how many at most (default: ${defaultLimit})`, wholeNumber(1))
    .option('--all', 'all that match')
    .option('--asc', 'the oldest first')
    .option('--since <time>', 'a span like 15m, or a time', readInstantText)
    .option('--until <time>', 'a span like 15m, or a time', readInstantText)
    .option('--after <position>', 'above this position', wholeNumber(0))
    .option('--before <position>', 'below this position', wholeNumber(0))
    .option('--type <types>', 'which records: a comma list, or * for all (default: event)')
    .option('--json', 'print each as a line of JSON');
  return addHubOptions(command)
    .addHelpText('after', examples)
    .action(async (query: string | undefined, options: QueryOptions) => {
      if (options.all === true && options.limit !== undefined) throw new UsageError('give one of --all and --limit');
      await search(query, options);
    });
}

type Print = (records: readonly RecordValue[]) => void;

async function search(q: string | undefined, options: QueryOptions): Promise<void> {
  let found = 0;
  // The reader of `| head` has what it wants.
  const output = new Output(process.stdout, () => process.exit(0));
  const print = options.json === true ? linesOn(output) : await tableOn(output);
  const progress = new Progress(process.stderr, () => `${counted(found, 'record')} found`);
  if (!process.stdout.isTTY) progress.start();
  try {
    const endpoint = httpEndpoint(hubLocator({ ...options, env: process.env }));
    for await (const { events } of readPages(endpoint, pageQuery(q, options))) {
      found += events.length;
      print(events);
      await output.ready();
    }
  } finally {
    progress.stop();
  }
  if (found === 0 && options.json !== true) process.stderr.write('nothing matches\n');
}

function linesOn(output: Output): Print {
  return (records) => {
    for (const record of records) output.line(plainJson(record));
  };
}

async function tableOn(output: Output): Promise<Print> {
  const { recordTable } = await import('./event-table.ts');
  const columns = process.stdout.isTTY ? process.stdout.columns : undefined;
  const look = { isColoured: isColoured(process.stdout), now: Date.now(), columns };
  let isFirst = true;
  return (records) => {
    if (records.length === 0) return;
    output.line(recordTable(records, look, isFirst));
    isFirst = false;
  };
}

function pageQuery(q: string | undefined, options: QueryOptions): PageQuery {
  const { since, until, after, before, type, limit = defaultLimit, all, asc } = options;
  const given = Object.entries({ q, since, until, after, before, type }).filter(([, value]) => value !== undefined);
  const order = asc === true ? 'asc' : 'desc';
  return { ...Object.fromEntries(given), order, ...(all === true ? {} : { limit }) };
}
