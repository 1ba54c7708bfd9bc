import type { HttpResponse } from 'uWebSockets.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StreamOutlet } from '../../src/server/stream-outlet.ts';
import { StreamTopics } from '../../src/server/stream-topics.ts';

/** An outlet on a response whose reader takes everything or nothing, as the test says. */
function openOutlet(format: 'sse' | 'ndjson' = 'sse') {
  const response = {
    isTaking: true,
    written: [] as string[],
    ends: 0,
    closes: 0,
    becomeWritable: () => undefined as unknown,
  };
  const counts = { drained: 0, closed: 0 };
  const uws = {
    getRemoteAddress: () => Uint8Array.of(127, 0, 0, 1).buffer,
    onWritable: (handle: () => unknown) => (response.becomeWritable = handle),
    cork: (act: () => void) => {
      act();
    },
    write: (text: string) => {
      response.written.push(text);
      return response.isTaking;
    },
    end: () => (response.ends += 1),
    close: () => (response.closes += 1),
  };
  const topics = new StreamTopics();
  const outlet = new StreamOutlet(uws as unknown as HttpResponse, '192.0.2.7', format, topics, {
    drained: () => (counts.drained += 1),
    closed: () => (counts.closed += 1),
  });
  return { outlet, response, counts, topics };
}

describe('the outlet of a stream', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('holds nothing while its reader takes everything', () => {
    const { outlet, response } = openOutlet();
    outlet.send('data: 1\n\n');
    expect({ held: outlet.heldBytes, written: response.written }).toEqual({ held: 0, written: ['data: 1\n\n'] });
  });

  it('counts bytes from the first one that had to wait until all are taken', () => {
    const { outlet, response, counts } = openOutlet();
    response.isTaking = false;
    outlet.send('é'.repeat(50));
    outlet.send('x'.repeat(100));
    expect(outlet.heldBytes).toBe(200);
    response.becomeWritable();
    expect(outlet.heldBytes).toBeGreaterThanOrEqual(200);
    expect(counts.drained, 'something was taken').toBe(1);
    response.isTaking = true;
    response.becomeWritable();
    expect({ held: outlet.heldBytes, drained: counts.drained }).toEqual({ held: 0, drained: 2 });
  });

  it.each([
    ['sse', ':\n\n'],
    ['ndjson', '\n'],
  ] as const)(
    'pushes on what waits with text that readers of %s ignore, also before its connection would be cut',
    (format, pulse) => {
      const { outlet, response } = openOutlet(format);
      response.isTaking = false;
      outlet.send('frame');
      response.becomeWritable();
      expect(response.written).toEqual(['frame', pulse]);
      vi.advanceTimersByTime(60_000);
      expect(response.written.length).toBeGreaterThan(60 / 8);
      response.isTaking = true;
      vi.advanceTimersByTime(8_000);
      const { length } = response.written;
      vi.advanceTimersByTime(60_000);
      expect(response.written).toHaveLength(length);
    },
  );

  it('writes nothing after its end, and says once that it is closed', () => {
    const { outlet, response, counts } = openOutlet();
    response.isTaking = false;
    outlet.send('frame');
    outlet.end('restarting');
    outlet.end('done');
    outlet.aborted();
    outlet.send('late');
    response.becomeWritable();
    expect(response).toMatchObject({ written: ['frame'], ends: 1, closes: 0 });
    expect(counts.closed).toBe(1);
  });

  it('cuts off a reader that is unresponsive', () => {
    const { outlet, response } = openOutlet();
    outlet.end('unresponsive');
    expect(response).toMatchObject({ ends: 0, closes: 1 });
    outlet.aborted();
  });

  it('gets the frames of the topics that it has joined', () => {
    const { outlet, response, topics } = openOutlet();
    outlet.join('a');
    topics.publish('a', '1');
    topics.publish('b', '2');
    outlet.leave('a');
    topics.publish('a', '3');
    expect(response.written).toEqual(['1']);
  });
});
