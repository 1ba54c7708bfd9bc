import { merge, takeUntil, type Observable } from 'rxjs';
import type { Source } from './component.ts';
import type { Envelope } from './envelope.ts';

/** The one stream of everything that comes in. It completes, and with it every input stops, when `stopping$` emits:
 *  here and nowhere else, so that what was emitted before still flows to the log and is answered. */
export function ingest(sources: readonly Source[], stopping$: Observable<unknown>): Observable<Envelope> {
  return merge(...sources.map((source) => source.open())).pipe(takeUntil(stopping$));
}
