import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SecureVersion, TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Hub } from '../../src/hub.ts';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import {
  askTls,
  connectTls,
  portOf,
  shownCertificate,
  subscribeTls,
  tlsSettings,
  writeCertificate,
  type CertificateOnDisk,
} from '../support/tls.ts';

interface SecureHub extends Hub {
  readonly certificate: CertificateOnDisk;
  readonly directory: string;
}

async function startSecureHub(env: Readonly<Record<string, string>> = {}): Promise<SecureHub> {
  const directory = await makeTempDir();
  const certificate = await writeCertificate(directory);
  const hub = await startHub({ dataDir: `${directory}/data`, env: { ...tlsSettings(certificate), ...env } });
  return { ...hub, certificate, directory };
}

async function answerOf(socket: TLSSocket, draft: object): Promise<unknown> {
  socket.write(`${JSON.stringify(draft)}\n`);
  const closed = once(socket, 'close').then(() => Promise.reject(new Error('closed without an answer')));
  const [answer] = (await Promise.race([once(socket, 'data'), closed])) as [Buffer];
  closed.catch(() => undefined);
  return JSON.parse(answer.toString());
}

describe('a hub with certificates', () => {
  it('names its addresses by their schemes', async () => {
    const hub = await startSecureHub();
    expect(hub.http).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(hub.tcp).toMatch(/^tls:\/\/127\.0\.0\.1:\d+$/);
  });

  it('takes events over TLS and shows them live and in pages', async () => {
    const hub = await startSecureHub();
    const { cert: ca } = hub.certificate;
    const { messages } = await subscribeTls(hub.http, ca);
    const producer = await connectTls(hub.tcp, { ca });
    expect(await answerOf(producer, { message: 'by TCP' })).toMatchObject({ ok: true, position: 1 });
    expect((await askTls(hub.http, '/api/events', { ca, body: '{"message":"by HTTP"}' })).status).toBe(201);
    await waitFor(() => messages.length === 2, { what: 'both events at the subscriber' });
    expect(messages).toEqual(['by TCP', 'by HTTP']);
    expect((await askTls(hub.http, '/api/events', { ca })).body).toContain('by TCP');
  });

  it('answers every line of a producer that ends its side first', async () => {
    const hub = await startSecureHub();
    const producer = await connectTls(hub.tcp, { ca: hub.certificate.cert });
    producer.end('{"message":"one"}\n{"message":"two"}');
    const answers = (await text(producer)).trimEnd().split('\n');
    expect(answers.map((line) => (JSON.parse(line) as { position: number }).position)).toEqual([1, 2]);
  });

  it.each(['http', 'tcp'] as const)('speaks TLS from 1.2 on at its %s port', async (port) => {
    const hub = await startSecureHub();
    const only = (version: SecureVersion) =>
      connectTls(hub[port], {
        ca: hub.certificate.cert,
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
    await expect(only('TLSv1')).rejects.toThrow(/protocol version/);
    await expect(only('TLSv1.1')).rejects.toThrow(/protocol version/);
    expect((await only('TLSv1.2')).getProtocol()).toBe('TLSv1.2');
    expect((await only('TLSv1.3')).getProtocol()).toBe('TLSv1.3');
  });

  it.each(['http', 'tcp'] as const)('has only ciphers with forward secrecy at its %s port', async (port) => {
    const hub = await startSecureHub();
    const by = (ciphers: string) =>
      connectTls(hub[port], { ca: hub.certificate.cert, maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` });
    for (const weak of ['kRSA', 'ECDHE+AES+SHA256:!AESGCM', 'ECDHE+AES+SHA1', 'ARIA']) {
      await expect(by(weak), weak).rejects.toThrow();
    }
    expect((await by('ECDHE+AESGCM')).getCipher().name).toMatch(/GCM/);
    expect((await by('ECDHE+CHACHA20')).getCipher().name).toMatch(/CHACHA20/);
  });

  it.each(['http', 'tcp'] as const)('does no second handshake for a client of its %s port', async (port) => {
    const hub = await startSecureHub();
    const client = await connectTls(hub[port], { ca: hub.certificate.cert, maxVersion: 'TLSv1.2' });
    const failure = new Promise((resolve) => {
      client.once('error', resolve).once('close', () => {
        resolve(new Error('closed'));
      });
      client.renegotiate({ rejectUnauthorized: false }, resolve);
    });
    expect(await failure).toBeInstanceOf(Error);
  });

  it('takes nothing in clear text, and goes on', async () => {
    const hub = await startSecureHub();
    const producer = connect(portOf(hub.tcp), '127.0.0.1');
    producer.on('error', () => undefined);
    let answer = '';
    producer.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
    producer.write('{"message":"in the clear"}\n');
    await once(producer, 'close');
    expect(answer).not.toContain('position');
    const secure = await connectTls(hub.tcp, { ca: hub.certificate.cert });
    expect(await answerOf(secure, { message: 'safe' })).toMatchObject({ position: 1 });
  });

  it('has browsers come back by TLS alone, except by the name of this machine', async () => {
    const hub = await startSecureHub({ HUB_PUBLIC_URL: 'https://alerts.example.com' });
    const headersAt = async (host: string) =>
      (await askTls(hub.http, '/healthz', { ca: hub.certificate.cert, host })).headers;
    expect((await headersAt('alerts.example.com'))['strict-transport-security']).toBe('max-age=31536000');
    expect(await headersAt('localhost:8080')).not.toHaveProperty('strict-transport-security');
  });

  it('stops while a handshake is not done and a producer is connected', async () => {
    const hub = await startSecureHub();
    const silent = connect(portOf(hub.tcp), '127.0.0.1');
    await once(silent, 'connect');
    const producer = await connectTls(hub.tcp, { ca: hub.certificate.cert });
    await answerOf(producer, { message: 'here' });
    silent.on('error', () => undefined);
    producer.on('error', () => undefined);
    const ended = Promise.all([once(silent, 'close'), once(producer, 'close')]);
    silent.resume();
    producer.resume();
    await hub.stop();
    await ended;
  });
});

describe('a TCP port that asks for client certificates', () => {
  async function start() {
    const directory = await makeTempDir();
    const client = await writeCertificate(directory, { file: 'client', name: 'sensor_01' });
    const hub = await startSecureHub({ HUB_TCP_TLS_CLIENT_CA_FILE: client.certFile });
    return { hub, directory, client, ca: hub.certificate.cert };
  }

  it('lets in who shows one of its authorities', async () => {
    const { hub, ca, client } = await start();
    const producer = await connectTls(hub.tcp, { ca, cert: client.cert, key: client.key });
    expect(await answerOf(producer, { message: 'known' })).toMatchObject({ ok: true });
  });

  it('keeps out who shows none, or one of somebody else', async () => {
    const { hub, ca, directory } = await start();
    const stranger = await writeCertificate(directory, { file: 'stranger', name: 'sensor_01' });
    for (const own of [{}, { cert: stranger.cert, key: stranger.key }]) {
      // With TLS 1.3 a client learns of it only after its own part of the handshake.
      const answer = connectTls(hub.tcp, { ca, ...own }).then((producer) =>
        answerOf(producer, { message: 'let me in' }),
      );
      await expect(answer).rejects.toThrow();
    }
    expect(JSON.parse((await askTls(hub.http, '/api/events', { ca })).body)).toMatchObject({ head: 0 });
  });
});

describe('a certificate that is replaced', () => {
  it('is shown to new connections, with and without a server name, while open ones go on', async () => {
    const hub = await startSecureHub();
    const { cert: oldCa } = hub.certificate;
    const before = await subscribeTls(hub.http, oldCa);
    const producer = await connectTls(hub.tcp, { ca: oldCa });
    expect(await shownCertificate(hub.http, 'localhost')).toBe('localhost');

    await writeCertificate(hub.directory, { name: 'renewed.localhost' });
    hub.reload();

    for (const address of [hub.http, hub.tcp]) {
      expect(await shownCertificate(address, 'localhost')).toBe('renewed.localhost');
      expect(await shownCertificate(address, undefined)).toBe('renewed.localhost');
    }
    expect(await answerOf(producer, { message: 'over the old connection' })).toMatchObject({ ok: true });
    await waitFor(() => before.messages.length === 1, { what: 'the event at the old subscriber' });
  });

  it('leaves no subscriber out, whichever certificate it came by', async () => {
    const hub = await startSecureHub();
    const first = await subscribeTls(hub.http, hub.certificate.cert);
    const renewed = await writeCertificate(hub.directory);
    hub.reload();
    const second = await subscribeTls(hub.http, renewed.cert);
    await askTls(hub.http, '/api/events', { ca: renewed.cert, body: '{"message":"for all"}' });
    await waitFor(() => first.messages.length + second.messages.length === 2, { what: 'the event at both' });
    const closed = Promise.all([first, second].map(({ socket }) => once(socket, 'close') as Promise<[number]>));
    await hub.stop();
    expect((await closed).map(([code]) => code)).toEqual([1012, 1012]);
  });

  it('is taken without being told', async () => {
    const hub = await startSecureHub();
    await writeCertificate(hub.directory, { name: 'renewed.localhost' });
    for (const address of [hub.http, hub.tcp]) {
      await waitFor(async () => (await shownCertificate(address, undefined)) === 'renewed.localhost', {
        what: `the new certificate at ${address}`,
        within: 30_000,
      });
    }
  });
});
