import type { Observable } from 'rxjs';
import type { Envelope } from './envelope.ts';
import type { LogRecord } from './record.ts';

/** An input. */
export interface Source {
  readonly name: string;
  /** Opens the input when subscribed to and stops reading from it on teardown; what it has emitted by then is still
   *  answered. Errors only if the input itself fails (a port that is taken), never for one bad connection. */
  open(): Observable<Envelope>;
  /** Resolves once the input is torn down and every envelope's answer has been handed to the system. */
  closed(): Promise<void>;
}

/** An input with a port of its own. */
export interface ListeningSource extends Source {
  /** Resolves with the bound `host:port` once the port is open; if it cannot be, the source's stream errors instead. */
  listening(): Promise<string>;
}

/** An output: takes what the log has recorded, in its order, and completes when it has finished with all of it. */
export type Sink = (recorded$: Observable<readonly LogRecord[]>) => Observable<unknown>;
