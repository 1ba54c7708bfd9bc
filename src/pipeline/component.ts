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

/** The files of a certificate, in PEM. */
export interface CertificateFiles {
  /** The certificate, followed by those that lead from it to its authority. */
  readonly certFile: string;
  readonly keyFile: string;
  /** The authorities whose clients alone are let in. */
  readonly clientCaFile?: string | undefined;
}

/** A port that is served with a certificate. */
export interface CertificateUse {
  /** The settings that name the files, as `tcp.tls`. */
  readonly place: string;
  readonly files: CertificateFiles;
  /** Serves new connections with what the files hold now; open ones go on. Throws, and goes on as before, when that
   *  cannot be done. */
  renew(): void;
}

/** An input with a port of its own. */
export interface ListeningSource extends Source {
  /** Resolves with the bound `host:port`, or `tls://host:port`, once the port is open; if it cannot be, the source's stream errors instead. */
  listening(): Promise<string>;
  /** Absent when it is served in clear text. */
  readonly certificate?: CertificateUse | undefined;
}

/** An output: takes what the log has recorded, in its order, and completes when it has finished with all of it. */
export type Sink = (recorded$: Observable<readonly LogRecord[]>) => Observable<unknown>;
