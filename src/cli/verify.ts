import { Command } from 'commander';
import { openCheck, type LogCheck } from '../sinks/sqlite/log-check.ts';
import { counted } from './numbers.ts';
import { Progress } from './progress.ts';

const examples = `
Examples:
  alert-hub verify
  alert-hub verify --data-dir /var/lib/alert-hub --json

Reads every record of the log, also beside a running hub, and changes nothing. The exit code is 1 when something is not as it was
written; the first place is named.
`;

interface VerifyOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check that the log is as it was written: every record, the chain of its commits, and the file')
    .option('--data-dir <dir>', 'the data directory (default: HUB_DATA_DIR, else ./data)')
    .option('--json', 'the result as a line of JSON')
    .addHelpText('after', examples)
    .action((options: VerifyOptions) => verify(options));
}

async function verify({ dataDir, json }: VerifyOptions): Promise<void> {
  const check = openCheck(dataDir ?? process.env['HUB_DATA_DIR'] ?? './data');
  const damage = await findDamage(check);
  const { epoch, first, head, records } = check;
  check.close();
  if (damage !== null) process.exitCode = 1;
  if (json === true) {
    const result = damage === null ? { ok: true } : { ok: false, position: damage.position, error: damage.message };
    process.stdout.write(`${JSON.stringify({ ...result, epoch, first, head, records })}\n`);
  } else if (damage === null) {
    process.stdout.write(`the log is as it was written: ${counted(records, 'record')}, ${range(first, head)}\n`);
  } else {
    process.stdout.write(`${damage.message}\n`);
  }
}

/** In turns, so that progress can be shown and the process be interrupted. */
async function findDamage(check: LogCheck): Promise<Awaited<ReturnType<LogCheck['next']>>['damage']> {
  const progress = new Progress(process.stderr, () => `${String(check.position)} of ${String(check.head)} checked`);
  progress.start();
  try {
    for (;;) {
      const { isDone, damage } = check.next();
      if (isDone) return damage;
      await new Promise(setImmediate);
    }
  } finally {
    progress.stop();
  }
}

function range(first: number, head: number): string {
  return head === 0 ? 'none yet' : `positions ${String(first)} to ${String(head)}`;
}
