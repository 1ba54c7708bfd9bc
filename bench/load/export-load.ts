import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { ExportedLines } from './exported-lines.ts';
import { Tally } from './tally.ts';

export interface ExportLoad {
  readonly port: number;
  /** As many as there are up to the position that they are read to, from the first one on. */
  readonly events: number;
  readonly warmUpSeconds: number;
}

export interface ExportResult {
  readonly perSecond: number;
  /** Of the events' lines. */
  readonly bytes: number;
}

/** Reads the beginning of a log as NDJSON, as fast as it comes, and checks that each line is the event of its position. */
export async function run({ port, events, warmUpSeconds }: ExportLoad): Promise<ExportResult> {
  const path = `/api/events?after=0&before=${String(events + 1)}`;
  const request = get({ host: '127.0.0.1', port, path, headers: { Accept: 'application/x-ndjson' } });
  const sentAt = performance.now();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`expected 200; got ${String(answer.statusCode)}`);
  const lines = new ExportedLines();
  const tally = new Tally(warmUpSeconds, events);
  for await (const chunk of answer as AsyncIterable<Buffer>) tally.add(lines.read(chunk), sentAt, performance.now());
  lines.end(events);
  return { perSecond: tally.result().perSecond, bytes: lines.bytes };
}
