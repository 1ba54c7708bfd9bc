import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { openBystanders, stageHub } from '../support/hostile-stage.ts';
import { connectWs, refusedUpgrade, type WsClient } from '../support/ws-client.ts';
import { webSocketRows } from './rows/web-socket.ts';

const stage = stageHub();

/** For bytes that no client would write. */
function rawSocket({ socket }: WsClient): Socket {
  return (socket as unknown as { readonly _socket: Socket })._socket;
}

describe('hostile frames', () => {
  it.each(webSocketRows)('$number: $what: $then, and nobody else notices', async ({ frames, then, errors = [] }) => {
    const bystanders = await openBystanders(stage.hub);
    const client = await connectWs(stage.hub.http, '?subscribe=0');
    for (const frame of frames()) rawSocket(client).write(frame);
    if (then === 'closed') {
      await client.closed;
    } else {
      client.send({ type: 'publish', ref: 'after', event: { message: 'good' } });
      await client.frame((frame) => frame.type === 'ack' && frame['ref'] === 'after');
    }
    const codes = client.frames.filter(({ type }) => type === 'error').map((frame) => frame['code']);
    expect(codes).toEqual(errors);
    await bystanders.expectUndisturbed();
  });

  it('63: subscriptions replace one another, and thousands at once end the connection', async () => {
    const bystanders = await openBystanders(stage.hub);
    const client = await connectWs(stage.hub.http, '?subscribe=0');
    const queries = ['source:"#"', 'source:"+"', 'key:"../"', 'source:*', '"*"'];
    for (const q of queries) client.send({ type: 'subscribe', q });
    await waitFor(() => hellos(client) === queries.length + 1, { what: 'every hello' });
    for (let index = 0; index < 5_000; index += 1)
      client.send({ type: 'subscribe', q: queries[index % queries.length] });
    expect(await client.closed).toMatchObject({ code: 4429 });
    await bystanders.expectUndisturbed();
  });

  it('64: fifty thousand pings at once end the connection', async () => {
    const bystanders = await openBystanders(stage.hub);
    const client = await connectWs(stage.hub.http, '?subscribe=0');
    const pings = Buffer.concat(Array.from({ length: 50_000 }, () => Buffer.from('89800000'.padEnd(12, '0'), 'hex')));
    rawSocket(client).write(pings);
    expect(await client.closed).toMatchObject({ code: 4429 });
    await bystanders.expectUndisturbed();
  });

  it('66: a hundred clients that ask for the whole history at once all get it', async () => {
    const bystanders = await openBystanders(stage.hub);
    const filler = await connectWs(stage.hub.http, '?subscribe=0');
    const events = Array.from({ length: 2_000 }, (_, index) => ({ source: 'row 66', message: String(index) }));
    filler.send({ type: 'publish', events });
    await filler.frame('ack');
    const clients = await Promise.all(
      [...Array(100).keys()].map(() => connectWs(stage.hub.http, '?after=0&source=row+66')),
    );
    await bystanders.expectUndisturbed();
    const hasAll = () => clients.every(({ positions }) => positions.length === events.length);
    await waitFor(hasAll, { what: 'the history', within: 60_000 });
    const [first] = clients;
    for (const { positions } of clients) expect(positions).toEqual(first?.positions);
  });
});

describe('a hostile upgrade', () => {
  it.each([
    ['56: of a foreign origin', { Origin: 'https://evil.example' }],
    ['56: of no origin, as from a sandboxed frame', { Origin: 'null' }],
    ['56: of a foreign origin with a cookie', { Origin: 'http://evil.example', Cookie: 'session=1' }],
    ['48: for a foreign host', { Host: 'evil.example' }],
  ])('%s is forbidden', async (_, headers) => {
    const bystanders = await openBystanders(stage.hub);
    expect(await refusedUpgrade(stage.hub.http, '', headers)).toMatchObject({
      status: 403,
      body: { ok: false, code: 'forbidden' },
    });
    await bystanders.expectUndisturbed();
  });

  it.each(['?after=-1', '?limit=5', '?q=)(', '?subscribe=2', '?unknown=1', '?after=1&after=2'])(
    'of %s is refused',
    async (query) => {
      expect(await refusedUpgrade(stage.hub.http, query)).toMatchObject({ status: 400, body: { ok: false } });
    },
  );

  it('61: gets no compression, so that no frame can be a bomb', async () => {
    const client = await connectWs(stage.hub.http, '?subscribe=0');
    expect(client.socket.extensions).toBe('');
  });
});

function hellos({ frames }: WsClient): number {
  return frames.filter(({ type }) => type === 'hello').length;
}
