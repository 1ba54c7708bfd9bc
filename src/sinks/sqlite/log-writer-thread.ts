import { parentPort, workerData } from 'node:worker_threads';
import type { KnownLog, WriterAnswer, WriterMessage } from './log-protocol.ts';
import { LogSession } from './log-session.ts';

/** The writer's thread: an fsync must not stop the sockets. One message, one answer, in order; without a log that is known
 *  from before, one more at first, of the opening. */
const port = parentPort;
if (port === null) throw new Error('the log writer runs in a worker thread');
const { dataDir, known } = workerData as { dataDir: string; known: KnownLog | null };
const session = new LogSession(dataDir, known);

function answer(message: WriterAnswer): void {
  port?.postMessage(message);
}

/** In parts, between the messages. */
function readIds(): void {
  if (session.readSomeIds()) setImmediate(readIds);
}

if (known === null) {
  try {
    answer(session.open());
    setImmediate(readIds);
  } catch (error) {
    answer({ kind: 'not_opened', error: (error as Error).message });
  }
}

port.on('message', (message: WriterMessage) => {
  if (message.kind === 'close') {
    session.close();
    answer({ kind: 'closed' });
    port.close();
    return;
  }
  answer(session.answer(message));
});
