import { parentPort, workerData } from 'node:worker_threads';
import { StatisticsDesk } from './statistics-desk.ts';
import { StatisticsProjection, type ProjectionOptions } from './statistics-projection.ts';
import type { StatisticsMessage } from './statistics-protocol.ts';

/** The statistics' thread: counting and summing up never run on the thread that ingests. */
const port = parentPort;
if (port === null) throw new Error('the statistics run in a worker thread');

let projection: StatisticsProjection | null = null;
let next: NodeJS.Immediate | undefined;

const desk = new StatisticsDesk({
  counts: () => (projection ??= new StatisticsProjection(workerData as ProjectionOptions)),
  post: (answer) => {
    port.postMessage(answer);
  },
  later: (step) => {
    next = setImmediate(step);
  },
  clock: () => performance.now(),
});

port.on('message', (message: StatisticsMessage) => {
  if (message.kind === 'ask') {
    desk.take(message.id, message.request);
    return;
  }
  clearImmediate(next);
  projection?.close();
  port.close();
});
desk.start();
