import type { WebSocket } from 'uWebSockets.js';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/pipeline/outcome.ts';
import { WsOutlet } from '../../src/server/ws-outlet.ts';
import { WsSession, type WsSessionOptions } from '../../src/server/ws-session.ts';
import { someLimits } from '../support/limits.ts';
import { anyone } from '../support/principals.ts';

interface Frame {
  readonly type: string;
  readonly [name: string]: unknown;
}

/** A session on a socket that holds as many bytes as the test says. */
function openSession(limits = someLimits()) {
  const sent: Frame[] = [];
  const socket = {
    held: 0,
    closedWith: null as number | null,
    send: (frame: string) => sent.push(JSON.parse(frame) as Frame),
    cork: (act: () => void) => {
      act();
    },
    getBufferedAmount: () => socket.held,
    end: (code: number) => (socket.closedWith = code),
  };
  const published: (readonly unknown[])[] = [];
  const refused: { readonly count: number; readonly outcome: Outcome }[] = [];
  const outlet = new WsOutlet(socket as unknown as WebSocket<null>, '192.0.2.7');
  const options: WsSessionOptions = {
    ingest: {
      connect: (send) => ({
        publish: (drafts, ref) => {
          published.push(drafts);
          send([JSON.stringify({ type: 'ack', ref })]);
        },
        refuse: (count, _ref, outcome) => refused.push({ count, outcome }),
      }),
    },
    subscriptions: {
      published: 0,
      count: 0,
      list: () => [],
      open: () => {
        throw new Error('nobody asked for a subscription');
      },
    },
    bounds: () => ({ epoch: 'e1', head: 0, first: 1 }),
    version: '1',
    clock: () => 0,
  };
  const session = new WsSession(outlet, anyone, options, limits);
  session.open(null);
  return { session, socket, sent, published, refused };
}

const publish = (drafts: readonly unknown[], ref?: unknown) => JSON.stringify({ type: 'publish', ref, events: drafts });

describe('a WebSocket session', () => {
  it('answers a client that has read what came before, however much the answer is', () => {
    const { session, socket, sent } = openSession();
    socket.send = (frame) => {
      socket.held += 5 * 1024 * 1024;
      return sent.push(JSON.parse(frame) as Frame);
    };
    session.receive(publish([{}], 'r'));
    expect({ last: sent.at(-1), closedWith: socket.closedWith }).toEqual({
      last: { type: 'ack', ref: 'r' },
      closedWith: null,
    });
  });

  it('closes with 4408 when the answers before were left unread', () => {
    const { session, socket, sent } = openSession();
    socket.held = 2 * 1024 * 1024 + 1;
    session.receive(publish([{}], 'r'));
    expect(socket.closedWith).toBe(4408);
    expect(sent.map(({ type }) => type)).toEqual(['hello']);
  });

  it('takes a frame without a type as a draft, with its ref as one of its fields', () => {
    const { session, published } = openSession();
    session.receive('{"message":"m","ref":{"ticket":5}}');
    expect(published).toEqual([[{ message: 'm', ref: { ticket: 5 } }]]);
  });

  it('takes up to 65,536 drafts in a frame', () => {
    const { session, sent, published } = openSession();
    session.receive(publish(Array.from({ length: 65_536 }, () => 0)));
    expect(published).toHaveLength(1);
    session.receive(
      publish(
        Array.from({ length: 65_537 }, () => 0),
        'r',
      ),
    );
    expect(published).toHaveLength(1);
    expect(sent.at(-1)).toMatchObject({ type: 'error', code: 'too_large', ref: 'r' });
  });

  it('refuses what is published over the rate, and takes none of it', () => {
    const { session, published, refused } = openSession(someLimits({ eventsPerSecond: 1, clock: () => 0 }));
    session.receive(publish([1, 2, 3], 'a'));
    session.receive(publish([4, 5], 'b'));
    expect(published).toEqual([[1, 2, 3]]);
    expect(refused).toMatchObject([{ count: 2, outcome: { code: 'rate_limited', retryAfter: 2 } }]);
  });

  it('is closed with 4429 by pings beyond their rate, and not by what is published', () => {
    const { session, socket } = openSession(someLimits({ framesPerSecond: 5, clock: () => 0 }));
    for (let at = 0; at < 100; at += 1) session.receive(publish([at], at));
    for (let at = 0; at < 10; at += 1) session.pinged();
    expect(socket.closedWith).toBeNull();
    session.pinged();
    expect(socket.closedWith).toBe(4429);
  });
});
