import { failureOf } from './connection.ts';
import { Framed } from './framed.ts';
import { Lines } from './lines.ts';
import type { LoadResult } from './tally.ts';
import { VerdictCheck } from './verdicts.ts';
import { Window } from './window.ts';
import { runWindowed, type Produce, type ProducerOptions, type WindowedLoad } from './windowed-load.ts';
import { openWebSocket, textFrame } from './ws-client.ts';

const ackStart = '{"type":"ack","results":[';
const ackEnd = ']}';

/** Producers on WebSockets that send each draft in a frame of its own and subscribe to nothing, see {@link runWindowed}. */
export function run(load: WindowedLoad): Promise<LoadResult> {
  return runWindowed(load, connect);
}

async function connect({ port, window: size, events, seed }: ProducerOptions): Promise<Produce> {
  const lines = new Lines(seed, events);
  const messages = new Framed(lines, (line) => textFrame(line.toString()));
  const verdicts = new VerdictCheck(lines.ids);
  let greet: () => void = () => undefined;
  let finish: () => void = () => undefined;
  const greeted = new Promise<void>((resolve) => (greet = resolve));
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const socket = await openWebSocket(port, '/ws?subscribe=0', (frame) => {
    const now = performance.now();
    if (frame.startsWith('{"type":"hello"')) {
      greet();
      return;
    }
    checkAck(frame, verdicts, window.sent);
    if (window.answered(verdicts.count, now) === 'done') finish();
  });
  const failed = failureOf(socket);
  const window = new Window({ messages, size, send: (bytes) => socket.write(bytes) });
  await Promise.race([greeted, failed]);
  return async (tally, endAt) => {
    window.start(tally, endAt);
    await Promise.race([finished, failed]);
    socket.destroy();
  };
}

function checkAck(frame: string, verdicts: VerdictCheck, sent: number): void {
  if (!frame.startsWith(ackStart) || verdicts.count === sent) throw new Error(`expected an ack; got ${frame}`);
  verdicts.check(frame, ackStart.length, frame.length - ackEnd.length);
}
