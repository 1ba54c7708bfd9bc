import { parentPort, workerData } from 'node:worker_threads';
import { asDamage, isDamage } from './damage.ts';
import type { ReaderAnswer, ReaderMessage } from './log-protocol.ts';
import { givesWay, lowerPriority } from './low-priority.ts';
import { LogReader } from './log-reader.ts';

/** A reader's thread: history is never read on the thread that ingests, nor at its cost. Answers requests in order. */
const port = parentPort;
if (port === null) throw new Error('a log reader runs in a worker thread');
lowerPriority(givesWay);
const { dataDir } = workerData as { dataDir: string };
// At once, so that a hub that may open no more files later can still be read.
let reader: LogReader | null = openReader();

port.on('message', (message: ReaderMessage) => {
  if (message.kind === 'close') {
    reader?.close();
    port.close();
    return;
  }
  port.postMessage(answerTo(message));
});

port.postMessage({ kind: 'begun' } satisfies ReaderAnswer);

/** Null when that fails: the first to read tries again, and is told why. */
function openReader(): LogReader | null {
  try {
    const opened = new LogReader(dataDir);
    opened.openFiles();
    return opened;
  } catch {
    return null;
  }
}

function answerTo(message: Exclude<ReaderMessage, { kind: 'close' }>): ReaderAnswer {
  try {
    reader ??= new LogReader(dataDir);
    if (message.kind === 'count') return { kind: 'counted', histogram: reader.count(message.request) };
    if (message.kind === 'expired')
      return { kind: 'expired', through: reader.findExpired(message.limits, message.most) };
    if (message.kind === 'kept') return { kind: 'kept', records: reader.readKept(message.positions) };
    const { records, through, isComplete } = reader.read(message.request);
    const positions = records.map((record) => record.position);
    const texts = records.map((record) => record.json);
    return { kind: 'page', positions, texts, through, isComplete, first: reader.first };
  } catch (error) {
    reader?.close();
    reader = null;
    if (isDamage(error)) return { kind: 'damaged', error: asDamage(error, null).message };
    return { kind: 'not_read', error: (error as Error).message };
  }
}
