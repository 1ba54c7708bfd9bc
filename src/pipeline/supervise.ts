import { catchError, defer, EMPTY, retry, timer, type Observable } from 'rxjs';
import type { Sink } from './component.ts';
import type { LogRecord } from './record.ts';

const firstRetryMs = 100;
const lastRetryMs = 10_000;

/** The sink, started anew after each failure, sooner at first than later, so that neither the log nor another sink notices.
 *  What is recorded meanwhile passes it by: a sink that may miss nothing reads the log from its checkpoint. For the sink, a
 *  stream that fails ends; that failure is its owner's to report, and starting the sink anew would not mend it. */
export function supervised(
  sink: Sink,
  recorded$: Observable<readonly LogRecord[]>,
  reportFailure: (error: unknown) => void,
): Observable<unknown> {
  return defer(() => sink(recorded$.pipe(catchError(() => EMPTY)))).pipe(
    retry({
      resetOnSuccess: true,
      delay: (error, attempt) => {
        reportFailure(error);
        return timer(Math.min(lastRetryMs, firstRetryMs * 2 ** (attempt - 1)));
      },
    }),
  );
}
