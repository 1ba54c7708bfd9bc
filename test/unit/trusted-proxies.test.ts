import { describe, expect, it } from 'vitest';
import { networksSetting, TrustedProxies } from '../../src/limits/trusted-proxies.ts';

const none = { forwarded: '', xForwardedFor: '' };
const xff = (xForwardedFor: string) => ({ ...none, xForwardedFor });
const forwarded = (text: string) => ({ ...none, forwarded: text });

describe('trusted proxies', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8', '2001:db8:ffff::/48', '192.0.2.1']);

  it.each([
    ['10.255.0.1', true],
    ['::ffff:10.1.2.3', true],
    ['11.0.0.1', false],
    ['192.0.2.1', true],
    ['192.0.2.2', false],
    ['2001:db8:ffff:1::7', true],
    ['2001:db8:fffe::7', false],
    ['', false],
    ['proxy.example', false],
  ])('include %s: %s', (address, isTrusted) => {
    expect(proxies.includes(address)).toBe(isTrusted);
  });

  it('are none when nothing is set', () => {
    expect(new TrustedProxies([]).includes('127.0.0.1')).toBe(false);
  });

  it.each([
    ['nobody else may say who it is', '203.0.113.9', xff('127.0.0.1'), '203.0.113.9'],
    ['a proxy says who is behind it', '10.0.0.1', xff('203.0.113.9'), '203.0.113.9'],
    ['the nearest one that is no proxy counts', '10.0.0.1', xff('127.0.0.1, 203.0.113.9, 10.0.0.2'), '203.0.113.9'],
    ['the farthest proxy, where there are only proxies', '10.0.0.1', xff('10.0.0.3, 10.0.0.2'), '10.0.0.3'],
    ['a proxy without a header speaks for itself', '10.0.0.1', none, '10.0.0.1'],
    ['what is no address hides who it was', '10.0.0.1', xff('203.0.113.9, unknown'), '10.0.0.1'],
    ['a port does not count', '10.0.0.1', xff('203.0.113.9:4711'), '203.0.113.9'],
    ['Forwarded', '10.0.0.1', forwarded('for=203.0.113.9;proto=https, For="10.0.0.2"'), '203.0.113.9'],
    ['Forwarded with IPv6', '10.0.0.1', forwarded('proto=http;for="[2001:DB8::17]:4711"'), '2001:db8::17'],
    ['Forwarded that hides it', '10.0.0.1', forwarded('for=_hidden'), '10.0.0.1'],
    ['IPv4 in IPv6', '10.0.0.1', xff('::ffff:203.0.113.9'), '203.0.113.9'],
  ])('%s', (_, peer, headers, client) => {
    expect(proxies.clientOf(peer, headers)).toBe(client);
  });
});

describe('the setting of networks', () => {
  it('takes a list, or text with commas', () => {
    expect(networksSetting.parse(['10.0.0.0/8', '::1'])).toEqual(['10.0.0.0/8', '::1']);
    expect(networksSetting.parse('10.0.0.0/8, ::1/128')).toEqual(['10.0.0.0/8', '::1/128']);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'proxy.example', '::/129', '', 'fe80::1%eth0', '10.0.0.0/8/8', '10.0.0.0/-1'])(
    'refuses %j',
    (text) => {
      expect(networksSetting.safeParse(text).success).toBe(false);
    },
  );
});
