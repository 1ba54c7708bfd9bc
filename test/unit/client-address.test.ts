import { describe, expect, it } from 'vitest';
import { parseHostAndPort, parseHttpUrl, parseWsUrl } from '../../src/client/address.ts';

describe('parseHostAndPort', () => {
  it.each([
    ['hub:9000', { host: 'hub', port: 9_000 }],
    ['10.0.0.1:1', { host: '10.0.0.1', port: 1 }],
    ['[::1]:9000', { host: '::1', port: 9_000 }],
    [':9000', { host: '127.0.0.1', port: 9_000 }],
    ['tls://hub:9000', { host: 'hub', port: 9_000, isSecure: true }],
    ['TLS://[::1]:9000', { host: '::1', port: 9_000, isSecure: true }],
  ])('reads %s', (text, address) => {
    expect(parseHostAndPort(text)).toEqual(address);
  });

  it.each(['', 'hub', 'hub:', 'hub:0', 'hub:65536', 'hub:9000x', '::1:9000', 'http://hub:9000', 'a b:1'])(
    'refuses %j',
    (text) => {
      expect(parseHostAndPort(text)).toBeUndefined();
    },
  );
});

describe('parseHttpUrl', () => {
  it.each([
    ['http://hub:8080', 'http://hub:8080'],
    ['HTTPS://Hub/', 'https://hub'],
    ['http://hub/under/', 'http://hub/under'],
  ])('reads %s', (text, url) => {
    expect(parseHttpUrl(text)).toBe(url);
  });

  it.each(['', 'hub:8080', 'ws://hub', 'file:///etc/passwd'])('refuses %j', (text) => {
    expect(parseHttpUrl(text)).toBeUndefined();
  });
});

describe('parseWsUrl', () => {
  it.each([
    ['ws://hub:8080/ws', 'ws://hub:8080/ws'],
    ['ws://hub:8080', 'ws://hub:8080/ws'],
    ['https://hub', 'wss://hub/ws'],
    ['ws://hub/under/ws', 'ws://hub/under/ws'],
  ])('reads %s', (text, url) => {
    expect(parseWsUrl(text)).toBe(url);
  });

  it.each(['', 'hub:8080', 'ftp://hub'])('refuses %j', (text) => {
    expect(parseWsUrl(text)).toBeUndefined();
  });
});
