import type { Socket } from 'node:net';
import { converse, openConnection } from './connection.ts';
import { Lines } from './lines.ts';
import { AnswerLines, VerdictCheck } from './verdicts.ts';

export interface PacedLoad {
  readonly port: number;
  readonly eventsPerSecond: number;
  readonly events: number;
  readonly seed: number;
}

export interface PacedResult {
  /** When each event was sent, in milliseconds since 1970. */
  readonly sentAt: readonly number[];
}

/** One producer on TCP at a steady pace, whatever has been answered by then: a slow hub does not slow it. Resolves when
 *  every event was acknowledged; rejects at the first that was not. */
export async function run({ port, eventsPerSecond, events, seed }: PacedLoad): Promise<PacedResult> {
  const lines = new Lines(seed, events);
  const verdicts = new VerdictCheck(lines.ids);
  const answers = new AnswerLines(verdicts);
  const sentAt: number[] = [];
  const socket = await openConnection(port);
  const finished = converse(socket, (chunk) => {
    answers.read(chunk, sentAt.length);
    return verdicts.count < events ? 'more' : 'done';
  });
  const timer = sendWhatIsDue(socket, lines, eventsPerSecond, sentAt);
  try {
    await finished;
  } finally {
    clearInterval(timer);
  }
  return { sentAt };
}

/** Each millisecond. Notes in `sentAt` what was sent. */
function sendWhatIsDue(socket: Socket, lines: Lines, eventsPerSecond: number, sentAt: number[]): NodeJS.Timeout {
  const startedAt = performance.now();
  return setInterval(() => {
    const now = performance.now();
    const [first, end] = [sentAt.length, Math.floor(((now - startedAt) * eventsPerSecond) / 1000)];
    while (sentAt.length < Math.min(end, lines.count)) sentAt.push(performance.timeOrigin + now);
    if (sentAt.length > first) socket.write(lines.slice(first, sentAt.length));
  }, 1);
}
