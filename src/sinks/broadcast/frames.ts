import { goneText } from '../../pipeline/codes.ts';
import type { Position } from '../../pipeline/event.ts';
import type { StoredRecord } from '../../pipeline/record.ts';
import type { FrameFormat } from '../../pipeline/subscriptions.ts';

/** The frames of one format. What a format has no frame for is empty text, and is not sent. */
export interface Frames {
  events(records: readonly StoredRecord[]): string;
  caughtUp(position: Position): string;
  fellBehind(position: Position): string;
  checkpoint(position: Position): string;
  /** `position` comes next and is no longer kept. */
  gone(position: Position, first: Position): string;
  /** What comes next cannot be read. */
  unreadable(reason: string): string;
  /** Shows that the connection lives. */
  heartbeat(): string;
}

/** Frames for all formats of a log with this epoch. */
export function createFrames(epoch: string): Readonly<Record<FrameFormat, Frames>> {
  return { ws: wsFrames, sse: sseFrames(epoch), ndjson: ndjsonFrames };
}

const wsFrames: Frames = {
  events: (records) => `{"type":"events","events":[${records.map((record) => record.json).join(',')}]}`,
  caughtUp: (position) => `{"type":"caught_up","position":${String(position)}}`,
  fellBehind: (position) => `{"type":"fell_behind","position":${String(position)}}`,
  checkpoint: (position) => `{"type":"checkpoint","position":${String(position)}}`,
  gone: (position, first) => JSON.stringify({ type: 'error', code: 'gone', error: goneText(position, first) }),
  unreadable: (reason) => JSON.stringify({ type: 'error', code: 'unavailable', error: reason }),
  // Pings do this on a WebSocket.
  heartbeat: () => '',
};

/** Server-sent events (WHATWG HTML, 9.2): `id` makes the browser resume with `Last-Event-ID`; a block with an id and no
 *  data moves that id on and dispatches nothing. */
function sseFrames(epoch: string): Frames {
  const id = (position: Position) => `id: ${epoch}:${String(position)}\n`;
  return {
    events: (records) => records.map((record) => `${id(record.position)}data: ${record.json}\n\n`).join(''),
    caughtUp: (position) => `: caught up\n${id(position)}\n`,
    fellBehind: (position) => `: fell behind at ${String(position)}\n\n`,
    checkpoint: (position) => `${id(position)}\n`,
    gone: (position, first) => {
      const refusal = { ok: false, code: 'gone', error: goneText(position, first) };
      return `event: gone\ndata: ${JSON.stringify(refusal)}\n\n`;
    },
    unreadable: (reason) => `event: unavailable\ndata: ${unavailable(reason)}\n\n`,
    heartbeat: () => ': still here\n\n',
  };
}

function unavailable(reason: string): string {
  return JSON.stringify({ ok: false, code: 'unavailable', error: reason });
}

const ndjsonFrames: Frames = {
  events: (records) => records.map((record) => `${record.json}\n`).join(''),
  caughtUp: () => '',
  fellBehind: () => '',
  checkpoint: () => '',
  // The answer breaks off, and who asks for its rest is told.
  gone: () => '',
  // Who asks for the rest of this would get the beginning of an answer again, so it is said here.
  unreadable: (reason) => `${unavailable(reason)}\n`,
  heartbeat: () => '\n',
};
