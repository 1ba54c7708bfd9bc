import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 20;

/** A good client: sends an event, and the next one 20 ms later, or once that is answered. */
export interface SteadyProducer {
  /** Milliseconds within which 99 of 100 events since the last call were acknowledged. */
  p99(): number;
  /** Resolves with the answers that were not an acknowledgement. */
  stop(): Promise<readonly string[]>;
}

/** On a connection that is open, and admitted where that is needed. */
export function startSteadyProducer(socket: Socket): SteadyProducer {
  const refused: string[] = [];
  let [taken, isStopped]: [number[], boolean] = [[], false];
  const run = async () => {
    while (!isStopped) {
      const [sentAt, answered] = [performance.now(), once(socket, 'data')];
      socket.write('{"source":"good","message":"m"}\n');
      const [answer] = (await answered) as [Buffer];
      const ms = performance.now() - sentAt;
      taken.push(ms);
      if (!answer.includes('"ok":true')) refused.push(answer.toString());
      await delay(Math.max(0, everyMs - ms));
    }
  };
  const ended = run();
  ended.catch(() => undefined);
  return {
    p99: () => {
      const sorted = taken.toSorted((a, b) => a - b);
      taken = [];
      return sorted[Math.floor(sorted.length * 0.99)] ?? NaN;
    },
    stop: async () => {
      isStopped = true;
      await ended;
      return refused;
    },
  };
}
