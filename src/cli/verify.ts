import { Command } from 'commander';
import { DamageError } from '../sinks/sqlite/damage.ts';
import { openCheck, type LogCheck } from '../sinks/sqlite/log-check.ts';
import { dataDirOf } from './data-dir.ts';
import { counted } from './numbers.ts';
import { Progress } from './progress.ts';

const examples = `
Examples:
  alert-hub verify
  alert-hub verify --data-dir /var/lib/alert-hub --json

Reads every record of the log, also beside a running hub, and changes nothing (but finishes
a restore that was killed). The exit code is 1 when something is not as it was written; the
first place is named.
`;

interface VerifyOptions {
  readonly dataDir?: string;
  readonly json?: boolean;
}

/** What is known of a log that was checked. */
interface Verdict {
  readonly damage: DamageError | null;
  /** Null when it could not be opened as a log. */
  readonly log: {
    readonly epoch: string;
    readonly first: number;
    readonly head: number;
    readonly records: number;
  } | null;
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
  const verdict = await verdictOn(dataDirOf(dataDir));
  if (verdict.damage !== null) process.exitCode = 1;
  process.stdout.write(`${json === true ? asJson(verdict) : asText(verdict)}\n`);
}

async function verdictOn(dataDir: string): Promise<Verdict> {
  let check: LogCheck;
  try {
    check = openCheck(dataDir);
  } catch (error) {
    if (error instanceof DamageError) return { damage: error, log: null };
    throw error;
  }
  try {
    const { epoch, first, head, records } = check;
    const log = { epoch, first, head, records };
    return { damage: await findDamage(check), log };
  } finally {
    check.close();
  }
}

async function findDamage(check: LogCheck): Promise<DamageError | null> {
  const progress = new Progress(process.stderr, () => `${String(check.position)} of ${String(check.head)} checked`);
  progress.start();
  try {
    return await check.run();
  } finally {
    progress.stop();
  }
}

function asJson({ damage, log }: Verdict): string {
  const result = damage === null ? { ok: true } : { ok: false, position: damage.position, error: damage.message };
  return JSON.stringify({ ...result, ...log });
}

function asText({ damage, log }: Verdict): string {
  if (damage !== null) return damage.message;
  if (log === null || log.records === 0) return 'the log is as it was written: it has no records';
  const range = `positions ${String(log.first)} to ${String(log.head)}`;
  return `the log is as it was written: ${counted(log.records, 'record')}, ${range}`;
}
