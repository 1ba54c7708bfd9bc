import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { wholeNumber } from './usage-error.ts';
import { plainText } from './plain-text.ts';
import { makeSelfSigned } from './self-signed.ts';

interface CertificateOptions {
  readonly host?: readonly string[];
  readonly out: string;
  readonly days: number;
  readonly force?: true;
}

const help = `
Writes certificate.pem and key.pem, for HTTP, WebSocket and TCP alike. Without --host it is for localhost, the loopback
addresses and the name of this machine. Nobody vouches for it: browsers ask before they go on, and programs elsewhere
need certificate.pem as an authority (--ca). For others to rely on, get one from an authority.

Examples:
  alert-hub certificate
  alert-hub certificate --host hub.lan --host 192.168.1.5 --out tls
`;

export function certificateCommand(): Command {
  return new Command('certificate')
    .description('make a self-signed certificate for development')
    .option('--host <name>', 'a name or address of the hub; may be given again', addHost)
    .option('--out <dir>', 'where to write it', '.')
    .option('--days <number>', 'how long it holds', wholeNumber(1), 365)
    .option('--force', 'replace the files that are there')
    .addHelpText('after', help)
    .action((options: CertificateOptions) => {
      process.stdout.write(`${plainText(writeCertificate(options))}\n`);
    });
}

/** Commander gives what the flag has given so far. */
function addHost(host: string, hosts: readonly string[] | undefined): readonly string[] {
  return [...(hosts ?? []), host];
}

/** Returns what to do with it. */
function writeCertificate({ host, out, days, force }: CertificateOptions): string {
  const certFile = path.join(out, 'certificate.pem');
  const keyFile = path.join(out, 'key.pem');
  const there = [certFile, keyFile].find((file) => fs.existsSync(file));
  if (there !== undefined && force !== true) throw new Error(`${there} is there already; give --force to replace it`);
  const hosts = host ?? [...new Set(['localhost', '127.0.0.1', '::1', os.hostname()])];
  const { certificate, key } = makeSelfSigned(hosts, days);
  fs.mkdirSync(out, { recursive: true });
  writeFile(keyFile, key, 0o600);
  writeFile(certFile, certificate, 0o644);
  return `wrote ${certFile} and ${keyFile}, for ${hosts.join(', ')}; set http.tls and tcp.tls (certFile, keyFile) to them`;
}

/** Replaces a file as a whole: a running hub may be reading it. */
function writeFile(file: string, content: string, mode: number): void {
  const draft = `${file}.${String(process.pid)}`;
  fs.writeFileSync(draft, content, { mode });
  fs.chmodSync(draft, mode);
  fs.renameSync(draft, file);
}
