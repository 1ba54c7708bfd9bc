import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/deadline.ts';

describe('waitFor', () => {
  it('gives the first value that is there', async () => {
    const values = [undefined, null, false, 'ready', 'later'];
    expect(await waitFor(() => values.shift(), { what: 'a value' })).toBe('ready');
  });

  it('takes zero and the empty string for values', async () => {
    expect(await waitFor(() => 0, { what: 'a number' })).toBe(0);
    expect(await waitFor(() => '', { what: 'a text' })).toBe('');
  });

  it('tries again after an attempt that throws', async () => {
    let attempts = 0;
    const connect = (): string => {
      attempts += 1;
      if (attempts < 3) throw new Error('refused');
      return 'connected';
    };
    expect(await waitFor(connect, { what: 'the port' })).toBe('connected');
  });

  it('says past the deadline what it waited for, and what came instead', async () => {
    const never = waitFor(() => Promise.reject(new Error('refused')), { within: 0, what: 'the hub to listen' });
    await expect(never).rejects.toThrow('gave up after 0 ms waiting for the hub to listen; last: Error: refused');
  });

  it('gives up on an attempt that never ends', async () => {
    const hanging = waitFor(() => new Promise<string>(() => undefined), { within: 1, what: 'an answer' });
    await expect(hanging).rejects.toThrow(
      'gave up after 1 ms waiting for an answer; last: an attempt that did not end',
    );
  });

  it('tells what came before an attempt that never ends', async () => {
    const values = [Promise.resolve(false)];
    const hanging = waitFor(() => values.shift() ?? new Promise<boolean>(() => undefined), {
      within: 50,
      what: 'an answer',
    });
    await expect(hanging).rejects.toThrow('gave up after 50 ms waiting for an answer; last: false');
  });
});
