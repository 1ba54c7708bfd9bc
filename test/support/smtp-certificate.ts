import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate that nobody but its own file vouches for. */
export function makeCertificate({ name = 'localhost', isExpired = false } = {}): Certificate {
  const directory = mkdtempSync(join(tmpdir(), 'alert-hub-certificate-'));
  const at = (file: string) => join(directory, file);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' });
  try {
    writeFileSync(at('ext'), `subjectAltName=DNS:${name}\nbasicConstraints=critical,CA:TRUE\n`);
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'key');
    openssl('req', '-new', '-key', 'key', '-subj', `/CN=${name}`, '-out', 'request');
    // `x509` takes no dates everywhere, `ca` does.
    writeFileSync(at('index'), '');
    writeFileSync(at('serial'), '01\n');
    writeFileSync(
      at('conf'),
      '[ca]\ndefault_ca=c\n[c]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n',
    );
    const end = isExpired ? '20200102000000Z' : '20991231000000Z';
    const dates = ['-startdate', '20200101000000Z', '-enddate', end];
    openssl(
      'ca',
      '-batch',
      '-selfsign',
      '-config',
      'conf',
      '-extfile',
      'ext',
      '-keyfile',
      'key',
      '-in',
      'request',
      '-out',
      'cert',
      '-notext',
      ...dates,
    );
    return { key: readFileSync(at('key'), 'utf8'), cert: readFileSync(at('cert'), 'utf8') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
