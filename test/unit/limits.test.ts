import { describe, expect, it } from 'vitest';
import { addressKey, isLoopback, plainAddress } from '../../src/limits/address.ts';
import type { LimitName } from '../../src/limits/refusals.ts';
import { someLimits } from '../support/limits.ts';

const stranger = '192.0.2.7';

describe('what an address is counted as', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '::1'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it('is the machine itself for loopback addresses alone', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true);
    expect(['128.0.0.1', '::2', '127.example', plainAddress('::ffff:10.0.0.1')].some(isLoopback)).toBe(false);
  });
});

describe('places', () => {
  it('are as many for each address as is set, and are given back once', () => {
    const { tcpConnections, refusals } = someLimits({ connectionsPerAddress: 2 });
    const first = tcpConnections.enter(stranger);
    expect(tcpConnections.enter(stranger)).not.toBeNull();
    expect(tcpConnections.enter(stranger)).toBeNull();
    expect(tcpConnections.enter('192.0.2.8')).not.toBeNull();
    expect(refusals.counts.get('connections')).toBe(1);
    first?.();
    first?.();
    expect(tcpConnections.enter(stranger)).not.toBeNull();
    expect(tcpConnections.enter(stranger)).toBeNull();
    expect(tcpConnections.count).toBe(3);
  });

  it('are as many in all as is set', () => {
    const { subscriptions } = someLimits({ subscriptions: 2 });
    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((key) => subscriptions.enter(key) !== null)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('are as many for each token as is set, from all addresses together', () => {
    const { historyReads, refusals } = someLimits({ historyReadsPerToken: 2 });
    const [first] = [historyReads.enter('192.0.2.1', 'a1'), historyReads.enter('192.0.2.2', 'a1')];
    expect(historyReads.enter('192.0.2.3', 'a1')).toBeNull();
    expect(historyReads.enter('192.0.2.3', 'b2')).not.toBeNull();
    expect(historyReads.enter('192.0.2.3')).not.toBeNull();
    expect(refusals.counts.get('token_history_reads')).toBe(1);
    first?.();
    expect(historyReads.enter('192.0.2.3', 'a1')).not.toBeNull();
    expect(historyReads.count).toBe(4);
  });

  it('are limited for others, and not for this machine, where nothing is set', () => {
    const { tcpConnections } = someLimits();
    const taken = (key: string) => Array.from({ length: 300 }, () => tcpConnections.enter(key)).filter(Boolean).length;
    expect(taken(stranger)).toBe(256);
    expect(taken('127.0.0.1')).toBe(300);
  });

  it('are limited for this machine too, where something is set', () => {
    const { tcpConnections } = someLimits({ connectionsPerAddress: 1 });
    tcpConnections.enter('127.0.0.1');
    expect(tcpConnections.enter('127.0.0.1')).toBeNull();
  });
});

describe('new connections', () => {
  it('are let in at their rate, after twice as many at once', () => {
    let now = 0;
    const limits = someLimits({ clock: () => now, connectsPerSecond: 5 });
    const letIn = () => Array.from({ length: 100 }, () => limits.mayConnect(stranger)).filter(Boolean).length;
    expect(letIn()).toBe(10);
    now += 1_000;
    expect(letIn()).toBe(5);
    expect(limits.refusals.counts.get('connects')).toBe(185);
    expect(limits.mayConnect('192.0.2.8')).toBe(true);
  });
});

describe('an allowance', () => {
  it('is none where no rate is set', () => {
    expect(someLimits().allowance(stranger, 'a1')).toBeNull();
  });

  it('says how long to wait once it is used up, and is the same for all of an address', () => {
    let now = 0;
    const limits = someLimits({ clock: () => now, eventsPerSecond: 10 });
    const [one, other] = [limits.allowance(stranger, null), limits.allowance(stranger, 'a1')];
    one?.take({ events: 49 });
    expect(other?.refusal()).toEqual({ error: 'at most 10 events a second from one address; wait 3 s', retryAfter: 3 });
    expect(limits.allowance('another', null)?.refusal()).toBeNull();
    now += 3_000;
    expect(other?.refusal()).toBeNull();
    expect(limits.refusals.counts.get('events')).toBe(1);
  });

  it('is the same for all who show one token, wherever they are', () => {
    const limits = someLimits({ clock: () => 0, eventsPerSecond: 10 });
    const [one, other] = [limits.allowance(stranger, 'a1'), limits.allowance('192.0.2.8', 'a1')];
    one?.take({ events: 10 });
    other?.take({ events: 10 });
    expect(other?.refusal()).toEqual({ error: 'at most 10 events a second with one token; wait 1 s', retryAfter: 1 });
    expect(limits.allowance('192.0.2.8', 'b2')?.refusal()).toBeNull();
    expect(['events', 'token_events'].map((name) => limits.refusals.counts.get(name as LimitName))).toEqual([0, 1]);
  });

  it('takes an id of a token that looks like an address for what it is', () => {
    const limits = someLimits({ clock: () => 0, eventsPerSecond: 10 });
    limits.allowance('192.0.2.8', stranger)?.take({ events: 40 });
    expect(limits.allowance(stranger, null)?.refusal()).toBeNull();
  });

  it('counts bytes beside events, and tells the longer wait', () => {
    const limits = someLimits({ clock: () => 0, eventsPerSecond: 10, bytesPerSecond: 1_000 });
    const allowance = limits.allowance(stranger, null);
    allowance?.take({ events: 20, bytes: 4_500 });
    expect(allowance?.hasCredit).toBe(false);
    expect(allowance?.refusal()?.error).toBe('at most 1000 bytes a second from one address; wait 3 s');
  });
});
