import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Refusals } from '../../src/limits/refusals.ts';
import type { Outcome } from '../../src/pipeline/outcome.ts';
import { TcpWatch } from '../../src/sources/tcp-watch.ts';

/** A connection under watch, with an idle limit of 9 s, 3 s for a line and 5 s for answers. */
function watched(isAdmitted = true) {
  const watch = new TcpWatch({ idleTimeout: 9_000, inputTimeout: 3_000, answerTimeout: 5_000 }, new Refusals());
  const state = { isPaused: false, isDestroyed: false, bytesWritten: 0, writableLength: 0 };
  const socket = Object.assign(new EventEmitter(), {
    isPaused: () => state.isPaused,
    destroy: () => (state.isDestroyed = true),
  });
  for (const name of ['bytesWritten', 'writableLength'] as const) {
    Object.defineProperty(socket, name, { get: () => state[name] });
  }
  const cuts: Outcome[] = [];
  watch.add(socket as unknown as Socket, { isAdmitted, cut: (outcome) => cuts.push(outcome) });
  return {
    state,
    cuts,
    receive: (text: string) => socket.emit('data', Buffer.from(text)),
    seconds: (count: number) => {
      for (let at = 0; at < count; at += 1) watch.tick();
    },
  };
}

describe('the watch over a TCP connection', () => {
  it('leaves it alone while lines come in time', () => {
    const { cuts, receive, seconds } = watched();
    for (let at = 0; at < 5; at += 1) {
      receive('{"message":');
      seconds(2);
      receive('"m"}\n');
      seconds(8);
    }
    expect(cuts).toEqual([]);
  });

  it('ends it when nobody has said in time who sends, however many lines come', () => {
    const { cuts, receive, seconds } = watched(false);
    for (let at = 0; at < 10; at += 1) {
      receive('\n');
      seconds(1);
    }
    expect(cuts).toMatchObject([{ code: 'unauthorized' }]);
  });

  it('counts a line from where it began, however it trickles', () => {
    const { cuts, receive, seconds } = watched();
    for (let at = 0; at < 10; at += 1) {
      receive('x');
      seconds(1);
    }
    expect(cuts).toMatchObject([{ code: 'invalid_request' }]);
  });

  it('counts the next line from its own beginning, also where it came with the end of the last', () => {
    const { cuts, receive, seconds } = watched();
    receive('one');
    seconds(2);
    receive('end\ntwo');
    seconds(2);
    expect(cuts).toEqual([]);
    seconds(1);
    expect(cuts).toHaveLength(1);
  });

  it('ends it once after too long a silence', () => {
    const { cuts, seconds } = watched();
    seconds(8);
    expect(cuts).toEqual([]);
    seconds(30);
    expect(cuts).toMatchObject([{ code: 'unavailable' }]);
  });

  it('blames no one while the hub itself does not read', () => {
    const { cuts, state, receive, seconds } = watched();
    receive('half');
    state.isPaused = true;
    seconds(60);
    state.isPaused = false;
    seconds(2);
    expect(cuts).toEqual([]);
    seconds(1);
    expect(cuts).toHaveLength(1);
  });

  it('cuts it off when nothing is taken of its answers, and not while some is', () => {
    const { cuts, state, seconds } = watched();
    state.isPaused = true;
    state.bytesWritten = 1_000;
    state.writableLength = 900;
    seconds(4);
    state.writableLength = 800;
    seconds(5);
    expect(state.isDestroyed).toBe(false);
    seconds(1);
    expect(state.isDestroyed).toBe(true);
    expect(cuts).toEqual([]);
  });

  it('ends it when it begins with a PROXY header, and not when one comes later', () => {
    const { cuts, receive } = watched();
    receive('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n');
    expect(cuts).toMatchObject([{ code: 'invalid_request' }]);
    const other = watched();
    other.receive('{}\n');
    other.receive('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n');
    expect(other.cuts).toEqual([]);
  });
});
