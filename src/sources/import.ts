import { importChannel } from '../pipeline/alerting/hub-events.ts';
import type { Backlog } from '../pipeline/backlog.ts';
import type { Source } from '../pipeline/component.ts';
import { importLimits } from '../pipeline/draft-limits.ts';
import type { LineIngest } from '../pipeline/ingest-ports.ts';
import { Emitter } from './emitter.ts';
import { HttpLines } from './http-lines.ts';

/** History from elsewhere, posted over HTTP as NDJSON: recorded like any other, told to nobody. */
export function createImportSource(backlog: Backlog): Source & LineIngest {
  const emitter = new Emitter(importChannel, backlog);
  return {
    name: importChannel,
    open: () => emitter.envelopes$,
    closed: () => emitter.idle(),
    onStop: (callback) => emitter.onStop(callback),
    stream: (sources = null) => new HttpLines(emitter, backlog, sources, importLimits),
  };
}
