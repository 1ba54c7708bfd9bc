import type { Socket } from 'node:net';
import { createDrafts } from '../drafts.ts';
import { failureOf, openConnection } from './connection.ts';
import { Delivery } from './delivery.ts';
import { Tally, type LoadResult } from './tally.ts';
import { AnswerLines, VerdictCheck } from './verdicts.ts';
import { openWebSocket } from './ws-client.ts';

export interface EndToEndLoad {
  readonly tcpPort: number;
  readonly httpPort: number;
  readonly eventsPerSecond: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly seed: number;
  /** Last position of the hub's log. */
  readonly head: number;
}

/** How long the last events may take after the last was sent. */
const lastDeliveryMs = 10_000;

/** One producer on TCP at a steady pace, and one subscriber on a WebSocket that checks that every event comes, unchanged
 *  and in order. Both are in this process, so that one clock times both ends. Nobody else
 *  may send to the hub. */
export async function run(load: EndToEndLoad): Promise<LoadResult> {
  const next = createDrafts(load.seed, Date.now());
  const drafts = Array.from({ length: load.seconds * load.eventsPerSecond }, () => next());
  const delivery = new Delivery(drafts, new Tally(load.warmUpSeconds, drafts.length), load.head);
  const verdicts = new VerdictCheck(drafts.map(({ id }) => id));
  const subscriber = await openWebSocket(load.httpPort, '/ws', (frame) => {
    delivery.receive(frame);
  });
  const producer = await openConnection(load.tcpPort);
  const acknowledged = readAnswers(producer, verdicts, delivery);
  try {
    const failed = Promise.all([failureOf(subscriber), failureOf(producer)]);
    await Promise.race([delivery.live, failed]);
    await Promise.race([sendAll(producer, delivery, load.eventsPerSecond), failed]);
    await Promise.race([Promise.all([delivery.complete, acknowledged]), failed, deadline(delivery, verdicts)]);
    return delivery.result();
  } finally {
    producer.destroy();
    subscriber.destroy();
  }
}

/** Resolves when every draft was acknowledged; the first that was not is an error of the socket. */
function readAnswers(producer: Socket, verdicts: VerdictCheck, delivery: Delivery): Promise<void> {
  const answers = new AnswerLines(verdicts);
  return new Promise((resolve) => {
    producer.on('data', (chunk: Buffer) => {
      try {
        answers.read(chunk, delivery.sent);
        if (verdicts.count === delivery.total) resolve();
      } catch (error) {
        producer.destroy(error as Error);
      }
    });
  });
}

/** Sends what is due each millisecond, whatever has arrived by then: a slow hub does not slow its producers. */
function sendAll(producer: Socket, delivery: Delivery, eventsPerSecond: number): Promise<void> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAt) * eventsPerSecond) / 1000);
      while (delivery.sent < Math.min(due, delivery.total)) producer.write(`${delivery.send()}\n`);
      if (delivery.sent < delivery.total && !producer.destroyed) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}

function deadline(delivery: Delivery, verdicts: VerdictCheck): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      const counts = `${String(delivery.count)} delivered and ${String(verdicts.count)} acknowledged`;
      reject(
        new Error(`of ${String(delivery.total)} events ${counts}, and no more within ${String(lastDeliveryMs)} ms`),
      );
    }, lastDeliveryMs).unref();
  });
}
