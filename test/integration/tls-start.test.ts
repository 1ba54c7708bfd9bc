import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { createHub } from '../../src/hub.ts';
import { createLogger } from '../../src/logger.ts';
import { parseLines, runCli, startCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { startHubProcess } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { portOf, shownCertificate, tlsSettings, writeCertificate } from '../support/tls.ts';

async function startWith(env: Readonly<Record<string, string>>): Promise<void> {
  const flags = { dataDir: join(await makeTempDir(), 'data'), 'http.port': '0', 'tcp.port': '0' };
  const hub = await createHub(
    loadConfig({ flags, env, file: undefined }),
    createLogger({ level: 'error', format: 'json' }),
  );
  await hub.stop();
}

describe('a start with certificates', () => {
  it('asks for both files', async () => {
    await expect(startWith({ HUB_HTTP_TLS_CERT_FILE: 'hub.pem' })).rejects.toThrow(
      'http.tls.keyFile must be a path; got nothing',
    );
  });

  it('says which file is wrong, and how', async () => {
    const directory = await makeTempDir();
    const good = await writeCertificate(directory);
    const other = await writeCertificate(directory, { file: 'other' });
    const at = (certFile: string, keyFile: string) =>
      startWith({ HUB_TCP_TLS_CERT_FILE: certFile, HUB_TCP_TLS_KEY_FILE: keyFile });
    const empty = join(directory, 'empty.pem');
    await writeFile(empty, '');

    await expect(at(join(directory, 'none.pem'), good.keyFile)).rejects.toThrow(
      /^tcp\.tls\.certFile: .*none\.pem cannot/,
    );
    await expect(at(empty, good.keyFile)).rejects.toThrow(/^tcp\.tls\.certFile: .*empty\.pem holds no certificate/);
    await expect(at(good.certFile, empty)).rejects.toThrow(/^tcp\.tls\.keyFile: .*empty\.pem holds no private key/);
    await expect(at(good.certFile, other.keyFile)).rejects.toThrow(
      `tcp.tls.keyFile: ${other.keyFile} is not the key of the certificate in ${good.certFile}`,
    );
    await expect(startWith({ ...tlsSettings(good), HUB_TCP_TLS_CLIENT_CA_FILE: empty })).rejects.toThrow(
      /^tcp\.tls\.clientCaFile: .*empty\.pem holds no certificate/,
    );
  });

  it('warns of an expired certificate, of a key that others can read, and of clear text', async () => {
    const directory = await makeTempDir();
    const certificate = await writeCertificate(directory, { isExpired: true });
    await chmod(certificate.keyFile, 0o644);
    const { HUB_HTTP_TLS_CERT_FILE = '', HUB_HTTP_TLS_KEY_FILE = '' } = tlsSettings(certificate);
    const hub = await startHubProcess({
      dataDir: join(directory, 'data'),
      env: { HUB_HTTP_TLS_CERT_FILE, HUB_HTTP_TLS_KEY_FILE, HUB_TCP_HOST: '0.0.0.0', HUB_ALLOW_ANONYMOUS: 'true' },
    });
    const warnings = (parseLines(hub.output()) as { level: number; msg: string }[])
      .filter(({ level }) => level === 40)
      .map(({ msg }) => msg);
    expect(warnings).toContainEqual(expect.stringContaining(`${certificate.certFile} has expired`));
    expect(warnings).toContainEqual(expect.stringContaining(`can read ${certificate.keyFile}`));
    expect(warnings).toContainEqual(expect.stringContaining('tcp is served in clear text'));
    expect(warnings).not.toContainEqual(expect.stringContaining('http is served in clear text'));
  });

  it('goes on with the certificate it has when the new one is wrong, and says so', async () => {
    const directory = await makeTempDir();
    const certificate = await writeCertificate(directory);
    const hub = await startHubProcess({ dataDir: join(directory, 'data'), env: tlsSettings(certificate) });
    await writeFile(certificate.certFile, 'no certificate');
    process.kill(hub.pid, 'SIGHUP');
    await waitFor(() => hub.output().includes('tcp.tls.certFile: '), { what: 'the report', within: 20_000 });
    expect(hub.output()).toContain(`http.tls.certFile: ${certificate.certFile} holds no certificate in PEM`);
    expect(await shownCertificate(hub.http, undefined)).toBe('localhost');

    await writeCertificate(directory, { name: 'renewed.localhost' });
    process.kill(hub.pid, 'SIGHUP');
    await waitFor(async () => (await shownCertificate(hub.http, undefined)) === 'renewed.localhost', {
      what: 'the good certificate',
      within: 20_000,
    });
    expect(await hub.stop()).toBe(0);
  });
});

describe('the commands', () => {
  it('trust the hub of this machine by its own certificate, whatever name is in it', async () => {
    const directory = await makeTempDir();
    const dataDir = join(directory, 'data');
    const certificate = await writeCertificate(directory, { name: 'alerts.example.com' });
    await startHubProcess({ dataDir, env: tlsSettings(certificate) });
    expect(await runCli(['send', 'by TLS'], { dataDir })).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await runCli(['query', '--json'], { dataDir })).stdout).toContain('"message":"by TLS"');
    const tail = startCli(['tail', '--after', '0'], { dataDir });
    await waitFor(() => tail.stdout().includes('by TLS'), { what: 'the event in tail', within: 20_000 });
  });

  it('trust a hub elsewhere by an authority that is named, over each way', async () => {
    const directory = await makeTempDir();
    const certificate = await writeCertificate(directory);
    const hub = await startHubProcess({ dataDir: join(directory, 'data'), env: tlsSettings(certificate) });
    const elsewhere = { dataDir: join(directory, 'none') };
    const [http, tcp] = [`https://localhost:${hub.httpPort}`, `tls://localhost:${hub.tcpPort}`];
    const ways = [
      ['--http', http],
      ['--ws', http.replace('https', 'wss')],
      ['--tcp', tcp],
    ];
    for (const way of ways) {
      const sent = await runCli(['send', ...way, '--ca', certificate.certFile, 'hello'], elsewhere);
      expect(sent).toMatchObject({ exitCode: 0, stderr: '' });
      const refused = await runCli(['send', ...way, '--give-up-after', '1s', 'hello'], elsewhere);
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toMatch(/self-signed certificate/);
    }
    const query = ['query', '--url', http, '--json'];
    const found = await runCli(query, { ...elsewhere, env: { HUB_CA_FILE: certificate.certFile } });
    expect(parseLines(found.stdout)).toHaveLength(ways.length);
    expect(await runCli([...query, '--ca', join(directory, 'none.pem')], elsewhere)).toMatchObject({ exitCode: 2 });
  });

  it('send by HTTP where TCP asks for a certificate, and by TCP with one', async () => {
    const directory = await makeTempDir();
    const dataDir = join(directory, 'data');
    const certificate = await writeCertificate(directory);
    const client = await writeCertificate(directory, { file: 'client', name: 'sensor_01' });
    const env = { ...tlsSettings(certificate), HUB_TCP_TLS_CLIENT_CA_FILE: client.certFile };
    await startHubProcess({ dataDir, env });
    const own = ['--client-cert', client.certFile, '--client-key', client.keyFile];
    expect(await runCli(['send', 'without'], { dataDir })).toMatchObject({ exitCode: 0 });
    expect(await runCli(['send', ...own, 'with'], { dataDir })).toMatchObject({ exitCode: 0 });
    const { stdout } = await runCli(['query', '--json'], { dataDir });
    expect((parseLines(stdout) as { message: string; channel: string }[]).map((e) => [e.message, e.channel])).toEqual([
      ['with', 'tcp'],
      ['without', 'http'],
    ]);
  });
});

describe('alert-hub certificate', () => {
  it('makes a certificate for the names that are given, and a key that nobody else can read', async () => {
    const dataDir = await makeTempDir();
    const out = join(dataDir, 'tls');
    const args = ['certificate', '--out', out, '--host', 'hub.lan', '--host', '127.0.0.1', '--host', '::1'];
    expect(await runCli(args, { dataDir })).toMatchObject({ exitCode: 0, stderr: '' });
    const certificate = new X509Certificate(await readFile(join(out, 'certificate.pem')));
    expect(certificate.checkHost('hub.lan')).toBe('hub.lan');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkHost('localhost')).toBeUndefined();
    expect((await stat(join(out, 'key.pem'))).mode & 0o777).toBe(0o600);
  });

  it('is enough for both ports, and for a client that takes it as its authority', async () => {
    const dataDir = await makeTempDir();
    await runCli(['certificate', '--out', dataDir], { dataDir });
    const files = { certFile: join(dataDir, 'certificate.pem'), keyFile: join(dataDir, 'key.pem') };
    const ca = await readFile(files.certFile);
    const hub = await startHubProcess({
      dataDir: join(dataDir, 'data'),
      env: tlsSettings({ ...files, cert: '', key: '' }),
    });
    for (const port of [portOf(hub.http), hub.tcpPort]) {
      const socket = connect({ host: '127.0.0.1', port, ca });
      await once(socket, 'secureConnect');
      socket.destroy();
    }
  });

  it('replaces nothing unless it is told to', async () => {
    const dataDir = await makeTempDir();
    const make = (...more: string[]) => runCli(['certificate', '--out', dataDir, ...more], { dataDir });
    await make();
    const first = await readFile(join(dataDir, 'key.pem'), 'utf8');
    expect(await make()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--force') as string });
    expect(await readFile(join(dataDir, 'key.pem'), 'utf8')).toBe(first);
    expect(await make('--force')).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(dataDir, 'key.pem'), 'utf8')).not.toBe(first);
  });
});

describe('the data directory', () => {
  const openly = ['sh', '-c', 'umask 0; exec "$@"', 'sh'];

  it('is for the user of the hub alone, with all files in it', async () => {
    const dataDir = join(await makeTempDir(), 'data');
    await startHubProcess({ dataDir, under: openly });
    await runCli(['send', 'hello'], { dataDir });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    const names = await readdir(dataDir);
    expect(names).toEqual(expect.arrayContaining(['hub.db', 'hub.db-wal', 'run.json']));
    for (const name of names) expect([name, (await stat(join(dataDir, name))).mode & 0o777]).toEqual([name, 0o600]);
  });

  it('is warned of when it was there and others can get into it', async () => {
    const dataDir = join(await makeTempDir(), 'data');
    await mkdir(dataDir);
    await chmod(dataDir, 0o755);
    const open = await startHubProcess({ dataDir });
    expect(open.output()).toContain('(mode 0755), which holds every event; chmod it to 700');
    await open.stop();
    await chmod(dataDir, 0o700);
    expect((await startHubProcess({ dataDir })).output()).not.toContain('chmod');
  });
});
