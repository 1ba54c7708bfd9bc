import { once } from 'node:events';
import { get } from 'node:https';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LimitName } from '../../src/limits/refusals.ts';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { refusedOver } from '../support/metrics.ts';
import { proxyHeader } from '../support/proxy-header.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { connectTls, portOf, writeCertificate } from '../support/tls.ts';

const times = (count: number) => Array.from({ length: count }, (_, at) => at);

/** A hub with TLS at its TCP port. */
async function hubWith(settings: Readonly<Record<string, string>>) {
  const directory = await makeTempDir();
  const { certFile, keyFile, cert: ca } = await writeCertificate(directory);
  const named = Object.entries(settings).map(([name, value]) => [`HUB_${name}`, value] as const);
  const env = { HUB_TCP_TLS_CERT_FILE: certFile, HUB_TCP_TLS_KEY_FILE: keyFile, ...Object.fromEntries(named) };
  const hub = await startHub({ dataDir: `${directory}/data`, env });
  const producer = (socket?: Duplex) => connectTls(hub.tcp, { ca, ...(socket === undefined ? {} : { socket }) });
  const refused = (limit: LimitName) => refusedOver(hub.http, limit);
  return { ...hub, producer, refused };
}

interface Raw {
  readonly socket: Socket;
  received: number;
  isClosed: boolean;
}

/** A connection in clear text, cut off when the test has finished. */
async function connectRaw(address: string): Promise<Raw> {
  const socket = connect(portOf(address), '127.0.0.1');
  const raw: Raw = { socket, received: 0, isClosed: false };
  onTestFinished(() => void socket.destroy());
  socket.on('data', (chunk: Buffer) => (raw.received += chunk.length)).on('error', () => undefined);
  socket.once('close', () => (raw.isClosed = true));
  await once(socket, 'connect');
  return raw;
}

/** The status, whoever signed the certificate. */
function httpsGet(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      response.resume().once('end', () => {
        resolve(response.statusCode);
      });
    }).once('error', reject);
  });
}

async function answerTo(producer: TLSSocket, draft: object): Promise<unknown> {
  producer.write(`${JSON.stringify(draft)}\n`);
  const closed = once(producer, 'close').then(() => Promise.reject(new Error('closed without an answer')));
  closed.catch(() => undefined);
  const [answer] = (await Promise.race([once(producer, 'data'), closed])) as [Buffer];
  return JSON.parse(answer.toString());
}

/** What a proxy sends to the hub for a client: its header and the beginning of the handshake in one piece. */
function inOnePiece(socket: Socket, header: Buffer): Duplex {
  let before = header;
  const duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(Buffer.concat([before, chunk]), done);
      before = Buffer.alloc(0);
    },
  });
  socket.on('data', (chunk: Buffer) => duplex.push(chunk)).once('close', () => duplex.push(null));
  return duplex;
}

describe('connections over TCP with TLS', () => {
  it('count for their address before their handshake, and are closed without an answer beyond what it may have', async () => {
    const hub = await hubWith({ LIMITS_CONNECTIONS_PER_ADDRESS: '3' });
    const held = await Promise.all(times(3).map(() => connectRaw(hub.tcp)));
    const more = await Promise.all(times(20).map(() => connectRaw(hub.tcp)));
    await waitFor(() => more.every(({ isClosed }) => isClosed), { what: 'the end of those that are too many' });
    expect(more.map(({ received }) => received)).toEqual(times(20).map(() => 0));
    expect(held.some(({ isClosed }) => isClosed)).toBe(false);
    expect(await hub.refused('connections')).toBe(20);
    await expect(hub.producer()).rejects.toThrow();
    held[0]?.socket.destroy();
    const producer = await waitFor(() => hub.producer().catch(() => undefined), { what: 'a place' });
    expect(await answerTo(producer, { message: 'm' })).toMatchObject({ ok: true });
  });

  it('count in all before their handshake', async () => {
    const hub = await hubWith({ LIMITS_CONNECTIONS: '4' });
    const raw = await Promise.all(times(40).map(() => connectRaw(hub.tcp)));
    await waitFor(() => raw.filter(({ isClosed }) => isClosed).length === 36, { what: 'the end of all but four' });
    expect(await hub.refused('connections')).toBe(36);
  });

  it('that come too fast are closed before their handshake', async () => {
    const hub = await hubWith({ LIMITS_CONNECTS_PER_SECOND: '2' });
    const raw = await Promise.all(times(40).map(() => connectRaw(hub.tcp)));
    await waitFor(() => raw.filter(({ isClosed }) => isClosed).length >= 30, { what: 'the end of most' });
    // Who asks for the count may have come too fast, too.
    const count = await waitFor(() => hub.refused('connects').catch(() => undefined), { what: 'the count' });
    expect(count).toBeGreaterThanOrEqual(30);
    const producer = await waitFor(() => hub.producer().catch(() => undefined), { what: 'the next that is let in' });
    expect(await answerTo(producer, { message: 'm' })).toMatchObject({ ok: true });
  });

  it('give their places back, however they or their handshakes end', async () => {
    const hub = await hubWith({ LIMITS_CONNECTIONS_PER_ADDRESS: '2' });
    const place = () => waitFor(() => hub.producer().catch(() => undefined), { what: 'a place' });
    const ends = [
      async () => {
        const producer = await place();
        expect(await answerTo(producer, { message: 'm' })).toMatchObject({ ok: true });
        producer.end();
        await once(producer, 'close');
      },
      async () => (await place()).destroy(),
      async () => {
        const { socket } = await connectRaw(hub.tcp);
        socket.write('{"message":"in the clear"}\n');
        await once(socket, 'close');
      },
      async () => void (await connectRaw(hub.tcp)).socket.resetAndDestroy(),
      async () => {
        const { socket } = await connectRaw(hub.tcp);
        // The head of a ClientHello, without its rest.
        socket.end(Buffer.from('1603010200010001fc0303', 'hex'));
        await once(socket, 'close');
      },
    ];
    for (const round of times(60)) await ends[round % ends.length]?.();
    const [first, second] = [await place(), await place()];
    expect(await answerTo(first, { message: 'm' })).toMatchObject({ ok: true });
    expect(await answerTo(second, { message: 'm' })).toMatchObject({ ok: true });
  });

  it('give their places back when the handshake takes too long', async () => {
    const hub = await hubWith({ LIMITS_CONNECTIONS_PER_ADDRESS: '1' });
    const silent = await connectRaw(hub.tcp);
    await waitFor(() => silent.isClosed, { what: 'the end of a silent connection', within: 20_000 });
    const producer = await waitFor(() => hub.producer().catch(() => undefined), { what: 'a place' });
    expect(await answerTo(producer, { message: 'm' })).toMatchObject({ ok: true });
  });
});

describe('connections over HTTP with TLS', () => {
  it('are closed before their handshake beyond what there may be, and take no place after that', async () => {
    const directory = await makeTempDir();
    const { certFile, keyFile } = await writeCertificate(directory);
    const env = {
      HUB_HTTP_TLS_CERT_FILE: certFile,
      HUB_HTTP_TLS_KEY_FILE: keyFile,
      HUB_LIMITS_CONNECTIONS: '5',
    };
    const hub = await startHub({ dataDir: `${directory}/data`, env });
    const port = new URL(hub.http).host;
    const held = await Promise.all(times(5).map(() => connectRaw(port)));
    for (let round = 0; round < 20; round += 1) {
      const more = await Promise.all(times(100).map(() => connectRaw(port)));
      await waitFor(() => more.every(({ isClosed }) => isClosed), { what: 'the end of those that are too many' });
    }
    expect(held.some(({ isClosed }) => isClosed)).toBe(false);
    for (const { socket } of held) socket.destroy();
    const answer = await waitFor(() => httpsGet(`${hub.http}/healthz`).catch(() => undefined), { what: 'a place' });
    expect(answer).toBe(200);
  });
});

describe('a trusted proxy before a TCP port with TLS', () => {
  const behindProxy = { TRUSTED_PROXIES: '127.0.0.1', LIMITS_CONNECTIONS_PER_ADDRESS: '1' };

  it('says in the clear who is behind it, before their handshake', async () => {
    const hub = await hubWith(behindProxy);
    const first = await connectRaw(hub.tcp);
    first.socket.removeAllListeners('data').pause().write(proxyHeader('192.0.2.1'));
    const one = await hub.producer(first.socket);
    expect(await answerTo(one, { message: 'one' })).toMatchObject({ position: 1 });
    const same = await connectRaw(hub.tcp);
    same.socket.write(proxyHeader('192.0.2.1'));
    await waitFor(() => same.isClosed, { what: 'the end of the second of this client' });
    expect(await hub.refused('connections')).toBe(1);
    const second = await connectRaw(hub.tcp);
    const other = await hub.producer(inOnePiece(second.socket, proxyHeader('192.0.2.2')));
    expect(await answerTo(other, { message: 'two' })).toMatchObject({ position: 2 });
    expect(await answerTo(await hub.producer(), { message: 'its own' })).toMatchObject({ position: 3 });
  });

  it('has no time to be silent that others have not', async () => {
    const hub = await hubWith({ ...behindProxy, LIMITS_INPUT_TIMEOUT: '1s' });
    const silent = await connectRaw(hub.tcp);
    await waitFor(() => silent.isClosed, { what: 'the end of a silent connection' });
    await once((await connectRaw(hub.tcp)).socket.resume(), 'close');
  });

  it('that opens more than there is place for at the door is counted', async () => {
    const hub = await hubWith({ ...behindProxy, LIMITS_CONNECTIONS: '1' });
    const waiting = await Promise.all(times(1_001).map(() => connectRaw(hub.tcp)));
    const more = await connectRaw(hub.tcp);
    await waitFor(() => more.isClosed, { what: 'the end of one too many' });
    expect(waiting.some(({ isClosed }) => isClosed)).toBe(false);
    expect(await hub.refused('connections')).toBe(1);
  });
});
