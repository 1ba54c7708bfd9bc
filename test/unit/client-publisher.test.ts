import { describe, expect, it } from 'vitest';
import { probePublisher, turn } from '../support/publisher-probe.ts';

describe('a publisher', () => {
  it('connects when there is something to send', async () => {
    const probe = probePublisher();
    expect(probe.transport.carriers).toHaveLength(0);
    await probe.publish(1);
    expect(probe.transport.carriers).toHaveLength(1);
  });

  it('gives a draft that has no id a UUIDv7, and keeps one that it has', async () => {
    const probe = probePublisher();
    void probe.publisher.publish({ message: 'x' });
    void probe.publisher.publish({ message: 'y', id: 'mine' });
    await turn();
    await probe.connect();
    const [first, second] = probe.last().sent.map(({ text }) => JSON.parse(text) as { id: string });
    expect(first?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(second).toEqual({ message: 'y', id: 'mine' });
  });

  it('resolves each draft with its verdict, a refusal too', async () => {
    const probe = probePublisher();
    await probe.publish(2);
    await probe.connect();
    const [first, second] = probe.last().sent;
    probe.last().listener.answer(first!, { ok: true, id: '1', position: 7 });
    probe.last().listener.answer(second!, { ok: false, code: 'invalid_event', error: 'message: is empty' });
    await turn();
    expect(probe.verdicts).toEqual([
      { ok: true, id: '1', position: 7 },
      { ok: false, code: 'invalid_event', error: 'message: is empty' },
    ]);
  });

  it('has no more on their way than the window', async () => {
    const probe = probePublisher();
    await probe.publish(10);
    await probe.connect();
    expect(probe.sentIds()).toEqual(['1', '2', '3', '4']);
    probe.last().accept(0, 3);
    await turn();
    expect(probe.sentIds()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('sends the next run only when the one before is answered, where order asks for it', async () => {
    const probe = probePublisher({ isPipelined: false, maxRun: 3 });
    await probe.publish(5);
    await probe.connect();
    expect(probe.sentIds()).toEqual(['1', '2', '3']);
    probe.last().accept(0, 2);
    await turn();
    expect(probe.sentIds()).toEqual(['1', '2', '3']);
    probe.last().accept(2, 3);
    await turn();
    expect(probe.sentIds()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('sends no run of more bytes than allowed, but always one draft', async () => {
    const probe = probePublisher({ maxRunBytes: 10 });
    await probe.publish(2);
    await probe.connect();
    expect(probe.last().runs.map((run) => run.length)).toEqual([1, 1]);
  });

  it('holds the caller back while twice the window waits', async () => {
    const probe = probePublisher();
    await probe.publish(7);
    let isReady = false;
    await probe.publisher.ready();
    await probe.publish(1, 8);
    void probe.publisher.ready().then(() => (isReady = true));
    await probe.connect();
    expect(isReady).toBe(false);
    probe.last().accept(0, 1);
    await turn();
    expect(isReady).toBe(true);
  });

  it('has drained when every draft has its verdict', async () => {
    const probe = probePublisher();
    let isDrained = false;
    await probe.publish(2);
    void probe.publisher.drain().then(() => (isDrained = true));
    await probe.connect();
    probe.last().accept(0, 1);
    await turn();
    expect(isDrained).toBe(false);
    probe.last().accept(1, 2);
    await turn();
    expect(isDrained).toBe(true);
  });

  it('refuses a draft over the limit by itself, as the hub would', async () => {
    const probe = probePublisher();
    const verdict = await probe.publisher.publish({ message: 'é'.repeat(40_000) });
    expect(verdict).toMatchObject({ ok: false, code: 'too_large' });
    expect(probe.transport.carriers).toHaveLength(0);
  });

  it('refuses what is no JSON', async () => {
    const probe = probePublisher();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(await probe.publisher.publish(circular)).toMatchObject({ ok: false, code: 'invalid_event' });
  });

  it('gives up what is unanswered on close, and says whether it may have arrived', async () => {
    const probe = probePublisher();
    await probe.publish(5);
    await probe.connect();
    probe.publisher.close();
    await turn();
    expect(probe.verdicts.map((verdict) => !verdict.ok && verdict.code)).toEqual([
      ...Array<string>(4).fill('in_doubt'),
      'unavailable',
    ]);
    expect(await probe.publisher.publish({ message: 'late' })).toMatchObject({ ok: false, code: 'unavailable' });
    await probe.publisher.drain();
  });
});
