import { converse, openConnection } from './connection.ts';
import { Lines } from './lines.ts';
import type { LoadResult } from './tally.ts';
import { AnswerLines, VerdictCheck } from './verdicts.ts';
import { Window } from './window.ts';
import { runWindowed, type Produce, type ProducerOptions, type WindowedLoad } from './windowed-load.ts';

/** Producers on TCP that send lines, see {@link runWindowed}. */
export function run(load: WindowedLoad): Promise<LoadResult> {
  return runWindowed(load, connect);
}

async function connect({ port, window: size, events, seed }: ProducerOptions): Promise<Produce> {
  const lines = new Lines(seed, events);
  const socket = await openConnection(port);
  const window = new Window({ messages: lines, size, send: (bytes) => socket.write(bytes) });
  const verdicts = new VerdictCheck(lines.ids);
  const answers = new AnswerLines(verdicts);
  return (tally, endAt) => {
    const finished = converse(socket, (chunk) => {
      const now = performance.now();
      answers.read(chunk, window.sent);
      return window.answered(verdicts.count, now);
    });
    window.start(tally, endAt);
    return finished;
  };
}
