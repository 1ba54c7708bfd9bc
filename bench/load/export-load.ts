import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { Positions } from './positions.ts';
import { Tally } from './tally.ts';

export interface ExportLoad {
  readonly port: number;
  /** As many as there are up to the position that they are read to, from the first one on. */
  readonly events: number;
  readonly warmUpSeconds: number;
}

export interface ExportResult {
  readonly perSecond: number;
  readonly bytes: number;
}

/** Reads the beginning of a log as NDJSON, as fast as it comes, and checks that each line is the event of its position. */
export async function run({ port, events, warmUpSeconds }: ExportLoad): Promise<ExportResult> {
  const path = `/api/events?after=0&before=${String(events + 1)}`;
  const request = get({ host: '127.0.0.1', port, path, headers: { Accept: 'application/x-ndjson' } });
  const sentAt = performance.now();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`expected 200; got ${String(answer.statusCode)}`);
  const positions = new Positions(0);
  const tally = new Tally(warmUpSeconds, events);
  let bytes = 0;
  let rest = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    const text = rest + chunk.toString('latin1');
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    const before = positions.last;
    positions.read(text.slice(0, end));
    tally.add(positions.last - before, sentAt, performance.now());
  }
  if (positions.last !== events || rest !== '') {
    throw new Error(`expected ${String(events)} lines; got ${String(positions.last)}, and after them ${rest}`);
  }
  return { perSecond: tally.result().perSecond, bytes };
}
