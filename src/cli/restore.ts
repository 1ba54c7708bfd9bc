import { Command } from 'commander';
import { restoreLog } from '../sinks/sqlite/log-restore.ts';
import { withCopyProgress } from './copy-progress.ts';
import { dataDirOf } from './data-dir.ts';
import { counted } from './numbers.ts';
import { plainJson, plainText } from './plain-text.ts';

interface RestoreOptions {
  readonly dataDir?: string;
  readonly replace?: true;
  readonly json?: true;
}

const examples = `
Examples:
  alert-hub restore /backups/hub-2026-03-01.db --data-dir /var/lib/alert-hub
  alert-hub restore --replace /backups/hub.db

Stop the hub first. The backup is checked before anything is touched; with --replace the
log that is there is kept, under another name. Subscribers begin anew: the restored log
has an epoch of its own, and a cursor of the old one is refused.
`;

export function restoreCommand(): Command {
  return new Command('restore')
    .description('make a backup the log of a data directory')
    .argument('<file>', 'the backup')
    .option('--data-dir <dir>', 'the data directory (default: HUB_DATA_DIR, else ./data)')
    .option('--replace', 'set aside the log that is there, under another name')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', examples)
    .action(restore);
}

async function restore(file: string, { dataDir, replace, json }: RestoreOptions): Promise<void> {
  const restored = await withCopyProgress((onProgress) =>
    restoreLog({ file, dataDir: dataDirOf(dataDir), mayReplace: replace === true, onProgress }),
  );
  const { records, head, epoch, replaced } = restored;
  const kept = replaced === null ? '' : `; the log that was there is ${replaced}`;
  const words = `restored ${counted(records, 'record')}, up to position ${String(head)}, as epoch ${epoch}${kept}`;
  process.stdout.write(`${json === true ? plainJson({ ok: true, ...restored }) : plainText(words)}\n`);
}
