import { describe, expect, it } from 'vitest';
import { AccessFailures } from '../../src/access/access-failures.ts';

describe('failures to show a token', () => {
  it('are all counted, and warned of once in ten minutes for each channel, however many they are', () => {
    const warnings: string[] = [];
    let now = 0;
    const failures = new AccessFailures({ clock: () => now, warn: (message) => warnings.push(message) });
    const fail = (channel: 'tcp' | 'login') =>
      failures.add({ channel, address: '192.0.2.7', shown: channel === 'tcp' ? 'no token' : 'a wrong token' });
    for (let at = 0; at < 10_000; at += 1) fail('tcp');
    fail('login');
    now += 600_000;
    fail('tcp');
    expect(Object.fromEntries(failures.counts)).toEqual({ tcp: 10_001, http: 0, ws: 0, login: 1 });
    expect(warnings).toEqual([
      'tcp: 192.0.2.7 was refused, having shown no token (1 since the start, told of once in ten minutes at most)',
      'login: 192.0.2.7 was refused, having shown a wrong token (1 since the start, told of once in ten minutes at most)',
      'tcp: 192.0.2.7 was refused, having shown no token (10001 since the start, told of once in ten minutes at most)',
    ]);
  });
});
