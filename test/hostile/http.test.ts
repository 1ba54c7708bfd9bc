import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from '../support/deadline.ts';
import { openBystanders, stageHub } from '../support/hostile-stage.ts';
import { page, post } from '../support/hub-http.ts';
import { httpRows, type HttpRow } from './rows/http.ts';

const stage = stageHub();

const isAnswered = ({ status }: HttpRow): boolean => status !== null;

async function open(): Promise<{
  readonly socket: Socket;
  readonly text: () => string;
  readonly isOver: () => boolean;
}> {
  const socket = connect(stage.hub.httpPort, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  let text = '';
  let isOver = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.once('close', () => (isOver = true));
  await once(socket, 'connect');
  return { socket, text: () => text, isOver: () => isOver };
}

/** The status of the first answer; null when the connection ended without one. */
async function statusOf(bytes: string | Buffer): Promise<number | null> {
  const { socket, text, isOver } = await open();
  socket.write(bytes);
  const answer = await waitFor(() => /^HTTP\/1\.1 (\d{3}) /.exec(text()) ?? (isOver() ? 'the end' : null), {
    what: 'an answer or the end',
    within: 20_000,
  });
  return answer === 'the end' ? null : Number(answer[1]);
}

describe('a hostile request', () => {
  it.each(httpRows.filter(isAnswered))(
    '$number: $what is answered $status, and nobody else notices',
    async ({ bytes, status, orElse }) => {
      const { hub } = stage;
      const bystanders = await openBystanders(hub);
      expect([status, orElse]).toContain(await statusOf(bytes(`127.0.0.1:${hub.httpPort}`)));
      await bystanders.expectUndisturbed();
    },
  );

  it('40: headers, a body or answers at a crawl hold up nobody', async () => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    const head = `POST /api/events HTTP/1.1\r\nHost: 127.0.0.1:${hub.httpPort}\r\nContent-Type: application/json\r\n`;
    const slow = await Promise.all([...Array(50).keys()].map(open));
    slow.forEach(({ socket }, index) => {
      socket.write(index % 2 === 0 ? head.slice(0, 40) : `${head}Content-Length: 15\r\n\r\n{"mess`);
      if (index % 5 === 0) socket.pause();
    });
    await bystanders.expectUndisturbed();
    const isDone = () => slow.every(({ isOver, socket }) => isOver() || socket.isPaused());
    await waitFor(isDone, { what: 'the hub to cut off who sends no more', within: 30_000 });
    await (await openBystanders(hub)).expectUndisturbed();
  });

  it('that is cut short or malformed beyond an answer is ended after a while', async () => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    const rows = httpRows.filter((row) => !isAnswered(row));
    const statuses = await Promise.all(rows.map(({ bytes }) => statusOf(bytes(`127.0.0.1:${hub.httpPort}`))));
    rows.forEach(({ status, orElse }, index) => {
      expect([status, orElse]).toContain(statuses[index]);
    });
    await bystanders.expectUndisturbed();
  });

  it('55: one bad event of a hundred is refused alone', async () => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    const drafts = Array.from({ length: 100 }, (_, index) => ({
      source: 'row 55',
      message: 'x',
      ...(index === 41 ? { severity: 'loud' } : {}),
    }));
    const { status, body } = await post(hub.http, drafts);
    const { accepted, rejected, results } = body as { accepted: number; rejected: number; results: { ok: boolean }[] };
    expect({ status, accepted, rejected, at: results.findIndex(({ ok }) => !ok) }).toEqual({
      ...{ status: 207, accepted: 99, rejected: 1, at: 41 },
    });
    expect((await page(hub.http, 'q=source:%22row+55%22&limit=1000')).events).toHaveLength(99);
    await bystanders.expectUndisturbed();
  });

  it.each([
    ['at once', (requests: readonly string[]) => [requests.join('')]],
    ['one after the other', (requests: readonly string[]) => requests],
  ])('54: a thousand POSTs without waiting, %s: what is acknowledged is recorded, once', async (how, piecesOf) => {
    const { hub } = stage;
    const bystanders = await openBystanders(hub);
    const drafts = Array.from({ length: 1_000 }, (_, at) => ({
      id: `p${String(at)}`,
      source: `54 ${how}`,
      message: 'm',
    }));
    const host = `127.0.0.1:${String(hub.httpPort)}`;
    const requests = drafts.map((draft) => {
      const body = JSON.stringify(draft);
      const head = `Host: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n`;
      return `POST /api/events HTTP/1.1\r\n${head}\r\n${body}`;
    });
    const { socket, text, isOver } = await open();
    for (const piece of piecesOf(requests)) {
      socket.write(piece);
      await new Promise(setImmediate);
    }
    const answered = () => [...text().matchAll(/"ok":true,"id":"(p\d+)"/g)].map(([, id]) => id);
    await waitFor(() => isOver() || answered().length === drafts.length, { what: 'the end', within: 20_000 });
    // uWebSockets.js ends a connection that sends a request before it has the answer to the one before.
    const acknowledged = answered();
    expect(acknowledged).toEqual(drafts.slice(0, acknowledged.length).map(({ id }) => id));
    const recorded = async () => {
      const q = encodeURIComponent(`source:"54 ${how}"`);
      return (await page(hub.http, `q=${q}&limit=1000&order=asc`)).events.map(({ id }) => id);
    };
    expect(await recorded()).toEqual(expect.arrayContaining(acknowledged));
    // Sent again, in doubt as the rest is, each is there once.
    expect((await post(hub.http, drafts)).body).toMatchObject({ accepted: drafts.length, rejected: 0 });
    expect((await recorded()).toSorted()).toEqual(drafts.map(({ id }) => id).toSorted());
    await bystanders.expectUndisturbed();
  });

  it('50: nothing outside the page’s own files is ever served', async () => {
    const { hub } = stage;
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2f..%2fpackage.json']) {
      const { socket, text } = await open();
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${hub.httpPort}\r\n\r\n`);
      await waitFor(() => text().includes('\r\n\r\n'), { what: 'an answer' });
      expect(text()).not.toContain('network-alert-hub');
    }
  });
});
