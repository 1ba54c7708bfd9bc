import os from 'node:os';
import { Command } from 'commander';
import { backUpLog } from '../sinks/sqlite/log-backup.ts';
import { mebibytes, withCopyProgress } from './copy-progress.ts';
import { dataDirOf } from './data-dir.ts';
import { counted } from './numbers.ts';
import { plainJson, plainText } from './plain-text.ts';

interface BackupOptions {
  readonly dataDir?: string;
  readonly replace?: true;
  readonly json?: true;
}

const examples = `
Examples:
  alert-hub backup /backups/hub-$(date +%F).db
  alert-hub backup --replace --json /backups/hub.db

Beside a running hub, or without one. The copy is checked, record by record, and on the
disk before it gets its name. Copying hub.db by other means gives damaged copies.
`;

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the log to a file, while the hub goes on')
    .argument('<file>', 'the copy')
    .option('--data-dir <dir>', 'the data directory (default: HUB_DATA_DIR, else ./data)')
    .option('--replace', 'put it in the place of a file of that name')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', examples)
    .action(backup);
}

/** The hub goes first: what it is asked to record does not wait for a backup. */
function stepBack(): void {
  os.setPriority(os.constants.priority.PRIORITY_LOW);
}

async function backup(file: string, { dataDir, replace, json }: BackupOptions): Promise<void> {
  stepBack();
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopped.abort(new Error('interrupted; no backup was made'));
    });
  }
  const copied = await withCopyProgress((onProgress) =>
    backUpLog({
      dataDir: dataDirOf(dataDir),
      file,
      mayReplace: replace === true,
      onProgress,
      signal: stopped.signal,
    }),
  );
  const { records, head, bytes } = copied;
  const words = `${file}: ${counted(records, 'record')}, up to position ${String(head)}, ${mebibytes(bytes)}, checked`;
  process.stdout.write(`${json === true ? plainJson({ ok: true, file, ...copied }) : plainText(words)}\n`);
}
