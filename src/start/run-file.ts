import fs from 'node:fs';
import path from 'node:path';

/** What commands on this machine need to find and use a running hub. */
export interface RunFile {
  readonly pid: number;
  /** URL. */
  readonly http: string;
  /** `host:port`, or `tls://host:port`. */
  readonly tcp: string;
  /** Files of the certificates that it serves with. */
  readonly ca?: readonly string[];
  /** Producers over TCP need a certificate. */
  readonly tcpNeedsCertificate?: true;
  readonly version: string;
  /** Lets this machine's commands in. */
  readonly token: string;
}

export function writeRunFile(dataDir: string, content: RunFile): void {
  const file = path.join(dataDir, 'run.json');
  const draft = `${file}.${String(process.pid)}`;
  fs.writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  fs.renameSync(draft, file);
}

export function removeRunFile(dataDir: string): void {
  fs.rmSync(path.join(dataDir, 'run.json'), { force: true });
}
