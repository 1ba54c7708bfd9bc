import { parentPort, workerData } from 'node:worker_threads';
import { lockDirectory } from './directory-lock.ts';
import type { WriterAnswer, WriterMessage } from './log-protocol.ts';
import { AppendError, LogWriter } from './log-writer.ts';
import fs from 'node:fs';

/** The writer's thread: an fsync must not stop the sockets. One message, one answer, in order. */
const port = parentPort;
if (port === null) throw new Error('the log writer runs in a worker thread');
const { dataDir } = workerData as { dataDir: string };

function answer(message: WriterAnswer): void {
  port?.postMessage(message);
}

let unlock: () => void;
let writer: LogWriter | null = null;
try {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  unlock = lockDirectory(dataDir);
  writer = new LogWriter(dataDir);
  const { epoch, head, first, lastReceivedAt } = writer;
  answer({ kind: 'opened', epoch, head, first, lastReceivedAt });
} catch (error) {
  answer({ kind: 'not_opened', error: (error as Error).message });
}

port.on('message', (message: WriterMessage) => {
  if (message.kind === 'close') {
    writer?.close();
    unlock();
    answer({ kind: 'closed' });
    port.close();
    return;
  }
  try {
    writer ??= new LogWriter(dataDir);
    answer(answerTo(message, writer));
  } catch (error) {
    // The next message opens the file again, and only then is it known where the log ends.
    close();
    const code = error instanceof AppendError ? error.code : 'unavailable';
    answer({ kind: 'failed', code, error: (error as Error).message });
  }
});

function answerTo(message: Exclude<WriterMessage, { kind: 'close' }>, log: LogWriter): WriterAnswer {
  switch (message.kind) {
    case 'append':
      return { kind: 'appended', verdicts: log.append(message.fields, message.receivedAt) };
    case 'save':
      log.saveCheckpoint(message.consumer, message.state);
      return { kind: 'saved' };
    case 'load':
      return { kind: 'loaded', state: log.loadCheckpoint(message.consumer) };
    case 'remove':
      log.removeThrough(message.through);
      return { kind: 'removed' };
    case 'give_back':
      return { kind: 'gave_back', isMore: log.giveBackSpace() };
  }
}

function close(): void {
  try {
    writer?.close();
  } finally {
    writer = null;
  }
}
