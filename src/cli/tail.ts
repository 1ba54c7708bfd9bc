import { Command } from 'commander';
import { subscribe } from '../client/subscriber.ts';
import type { Subscription, SubscriptionStatus } from '../client/subscription.ts';
import type { RecordValue } from '../pipeline/record.ts';
import { isColoured, recordLine } from './event-line.ts';
import { exitCodeOf } from './failure.ts';
import { addHubOptions, hubLocator, trustingWebSocket, type HubOptions } from './hub-options.ts';
import { Output } from './output.ts';
import { plainJson, plainText } from './plain-text.ts';
import { readInstantText, wholeNumber } from './usage-error.ts';

interface TailOptions extends HubOptions {
  readonly since?: string;
  readonly after?: number;
  readonly type?: string;
  readonly json?: true;
}

const examples = `
Examples:
  alert-hub tail
  alert-hub tail 'severity>=error source:sw-*'
  alert-hub tail --since 15m --json | jq .message

Goes on by itself, without a gap, when the hub restarts. Ctrl-C ends it.
`;

export function tailCommand(): Command {
  const command = new Command('tail')
    .description('show events as they come')
    .argument('[query]', 'which ones, like: severity>=error "link down"')
    .option('--since <time>', 'begin with those since then: a span like 15m, or a time', readInstantText)
    .option('--after <position>', 'begin after this position; 0 is the beginning', wholeNumber(0))
    .option('--type <types>', 'which records: a comma list, or * for all (default: event)')
    .option('--json', 'print each as a line of JSON');
  return addHubOptions(command)
    .addHelpText('after', examples)
    .action(async (query: string | undefined, options: TailOptions) => {
      process.exitCode = await tail(query, options);
    });
}

/** Resolves with the exit code when the reader has gone, at Ctrl-C, or when the hub refuses. */
async function tail(query: string | undefined, options: TailOptions): Promise<number> {
  const { WebSocket } = await import('ws');
  const { since, after, type, json } = options;
  const locator = hubLocator({ ...options, env: process.env });
  const look = { isColoured: isColoured(process.stdout) };
  return await new Promise((resolve) => {
    const finish = (exitCode: number): void => {
      subscription.close();
      resolve(exitCode);
    };
    const output = new Output(process.stdout, () => finish(0));
    const statuses = new StatusNotes((line) => process.stderr.write(`${plainText(line)}\n`));
    const subscription: Subscription = subscribe({
      url: () => locator().ws,
      token: () => locator().token,
      WebSocket: trustingWebSocket(WebSocket, locator),
      filter: { ...defined('q', query), ...defined('since', since), ...defined('type', type) },
      ...(after === undefined ? {} : { cursor: { position: after } }),
      onEvents: (events: readonly RecordValue[]) => {
        let hasRoom = true;
        for (const event of events) {
          hasRoom = output.line(json === true ? plainJson(event) : recordLine(event, { ...look, now: Date.now() }));
        }
        if (hasRoom) return;
        subscription.pause();
        void output.ready().then(() => subscription.resume());
      },
      onStatus: (status) => {
        statuses.tell(status);
        if (status.state === 'closed' && status.code !== 'closed') resolve(exitCodeOf(status.code));
      },
    });
    process.once('SIGINT', () => finish(0)).once('SIGTERM', () => finish(0));
  });
}

/** Says when the connection is lost, once, and when it is back. */
class StatusNotes {
  readonly #note: (line: string) => void;
  #isLost = false;

  constructor(note: (line: string) => void) {
    this.#note = note;
  }

  tell(status: SubscriptionStatus): void {
    if (status.state === 'waiting' && !this.#isLost) {
      this.#isLost = true;
      this.#note(`no connection to the hub: ${status.reason}; trying again`);
    } else if (status.state === 'live' && this.#isLost) {
      this.#isLost = false;
      this.#note('connected again; nothing was missed');
    } else if (status.state === 'closed' && status.code !== 'closed') {
      this.#note(`the hub refuses: ${status.code}: ${status.reason}`);
    }
  }
}

function defined<Name extends string>(name: Name, value: string | undefined): { readonly [key in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]: string });
}
