import { parentPort, workerData } from 'node:worker_threads';
import type { Position } from '../../pipeline/event.ts';
import { StatisticsProjection, type ProjectionOptions } from './statistics-projection.ts';
import type {
  StatisticsAnswer,
  StatisticsMessage,
  StatisticsQuestion,
  StatisticsRequest,
} from './statistics-protocol.ts';

/** The statistics' thread: counts the log from the checkpoint on as soon as it starts, window by window, and listens in
 *  between. Questions wait until what they ask about has been counted. */
const port = parentPort;
if (port === null) throw new Error('the statistics run in a worker thread');

/** A question waits so long for the log to be counted. */
const patienceMs = 2_000;

interface Waiting {
  readonly id: number;
  readonly question: StatisticsQuestion;
  readonly deadline: number;
}

const options = workerData as ProjectionOptions;
let projection: StatisticsProjection | null = null;
let target: Position = 0;
let waiting: Waiting[] = [];
let next: NodeJS.Immediate | null = null;

port.on('message', (message: StatisticsMessage) => {
  if (message.kind === 'close') {
    if (next !== null) clearImmediate(next);
    projection?.close();
    port.close();
    return;
  }
  take(message.id, message.request);
  if (next === null) step();
});
attempt(() => {
  target = open().head;
  step();
});

function take(id: number, request: StatisticsRequest): void {
  if (request.kind !== 'add') {
    target = Math.max(target, request.through);
    waiting.push({ id, question: request, deadline: performance.now() + patienceMs });
    return;
  }
  target = Math.max(target, request.stretch.through);
  const error = attempt(() => {
    open().add(request.stretch);
  });
  post(error === null ? { id, kind: 'done', value: null } : { id, kind: 'failed', error });
}

/** Counts one window if the counts are behind, and answers what can be answered. */
function step(): void {
  next = null;
  const error = attempt(() => {
    const counts = open();
    if (counts.checkpoint < target) counts.catchUp(target);
  });
  waiting = waiting.filter((each) => !isAnswered(each, error));
  // After a failure the next message tries again: at most a second later, when anything happens at all.
  if (error === null && open().checkpoint < target) next = setImmediate(step);
}

function isAnswered({ id, question, deadline }: Waiting, error: string | null): boolean {
  if (error !== null) {
    post({ id, kind: 'failed', error });
    return true;
  }
  if (open().checkpoint >= question.through) {
    let value: unknown;
    const failure = attempt(() => (value = answerTo(question)));
    if (failure !== null) post({ id, kind: 'failed', error: failure });
    else if (value !== undefined) post({ id, kind: 'done', value });
    return failure !== null || value !== undefined;
  }
  if (performance.now() < deadline) return false;
  post({ id, kind: 'behind', reason: progress() });
  return true;
}

function answerTo(question: StatisticsQuestion): unknown {
  switch (question.kind) {
    case 'summary':
      return open().summary(question.since, question.now);
    case 'histogram':
      return open().histogram(question.range);
    case 'positions':
      return open().positions(question.from, question.to);
  }
}

function open(): StatisticsProjection {
  return (projection ??= new StatisticsProjection(options));
}

/** What went wrong, or null. */
function attempt(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function progress(): string {
  const counted = String(projection?.checkpoint ?? 0);
  return `the log is being counted for the statistics, ${counted} of ${String(target)} records so far; try again soon`;
}

function post(message: StatisticsAnswer): void {
  port?.postMessage(message);
}
