import fs from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import { portsOf } from '../config/ports.ts';
import { version } from '../version.ts';

/** What commands on this machine need to find and use a running hub. */
interface RunFile {
  readonly pid: number;
  /** URL. */
  readonly http: string;
  /** `host:port`, or `tls://host:port`. */
  readonly tcp: string;
  readonly version: string;
  /** Lets this machine's commands in. */
  readonly token: string;
  /** Files of the certificates that it serves with. */
  readonly ca?: readonly string[];
  /** Producers over TCP need a certificate. */
  readonly tcpNeedsCertificate?: true;
}

export function writeRunFile(config: Config, found: Pick<RunFile, 'http' | 'tcp' | 'token'>): void {
  const content: RunFile = { pid: process.pid, version, ...found, ...certificatesOf(config) };
  const file = runFile(config.dataDir);
  const draft = `${file}.${String(process.pid)}`;
  fs.writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  fs.renameSync(draft, file);
}

export function removeRunFile({ dataDir }: Config): void {
  fs.rmSync(runFile(dataDir), { force: true });
}

function runFile(dataDir: string): string {
  return path.join(dataDir, 'run.json');
}

/** By what the commands know the hub. */
function certificatesOf(config: Config): Pick<RunFile, 'ca' | 'tcpNeedsCertificate'> {
  const files = portsOf(config).flatMap(({ tls }) => tls?.certFile ?? []);
  if (files.length === 0) return {};
  return {
    ca: [...new Set(files.map((file) => path.resolve(file)))],
    ...(config.tcp.tls?.clientCaFile === undefined ? {} : { tcpNeedsCertificate: true as const }),
  };
}
