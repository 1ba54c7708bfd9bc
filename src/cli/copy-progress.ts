import type { CopyProgress } from '../sinks/sqlite/log-copy.ts';
import { Progress } from './progress.ts';

const mebibyte = 1024 * 1024;

/** Runs `copy` and tells on standard error how far it has come. */
export async function withCopyProgress<T>(
  copy: (onProgress: (progress: CopyProgress) => void) => Promise<T>,
): Promise<T> {
  let latest: CopyProgress = { stage: 'copying', done: 0, total: 0 };
  const progress = new Progress(process.stderr, () => inWords(latest));
  progress.start();
  try {
    return await copy((now) => {
      latest = now;
    });
  } finally {
    progress.stop();
  }
}

/** A size for people: `12.5 MiB`. */
export function mebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}

function inWords({ stage, done, total }: CopyProgress): string {
  if (stage === 'copying') return `${mebibytes(done)} of ${mebibytes(total)} copied`;
  return `position ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} checked`;
}
