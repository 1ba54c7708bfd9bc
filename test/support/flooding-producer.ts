import { once } from 'node:events';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

export interface FloodingProducer {
  /** Lines. */
  readonly sent: number;
  readonly acknowledged: number;
  /** Answers that were none. */
  readonly refusals: readonly string[];
  /** Sends nothing more; answers still come. */
  finish(): void;
}

/** Lines that are written at once. */
const linesOfChunk = 100;

/** Sends events over TCP as fast as they are taken, up to `window` of them unanswered. Cut off when the test has finished. */
export async function floodOverTcp(
  { tcpHost, tcpPort }: { readonly tcpHost: string; readonly tcpPort: number },
  window: number,
): Promise<FloodingProducer> {
  const socket = connect(tcpPort, tcpHost);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  // A hub that is killed answers no more, and that is what shows it.
  socket.on('error', () => undefined);
  const line = `${JSON.stringify({ source: 'flood', severity: 'warning', message: 'is there room', data: { padding: 'x'.repeat(200) } })}\n`;
  const chunk = line.repeat(linesOfChunk);
  const refusals: string[] = [];
  let [sent, acknowledged, rest, isFinished] = [0, 0, '', false];
  const sendMore = () => {
    while (!isFinished && !socket.writableNeedDrain && sent - acknowledged + linesOfChunk <= window) {
      socket.write(chunk);
      sent += linesOfChunk;
    }
  };
  socket.on('drain', sendMore);
  socket.on('data', (bytes: Buffer) => {
    const answers = (rest + bytes.toString()).split('\n');
    rest = answers.pop() ?? '';
    for (const answer of answers) {
      if (answer.startsWith('{"ok":true,')) acknowledged += 1;
      else refusals.push(answer);
    }
    sendMore();
  });
  sendMore();
  return {
    get sent() {
      return sent;
    },
    get acknowledged() {
      return acknowledged;
    },
    refusals,
    finish: () => {
      isFinished = true;
    },
  };
}
