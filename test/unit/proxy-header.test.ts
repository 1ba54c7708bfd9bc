import { describe, expect, it } from 'vitest';
import { looksLikeProxyHeader, readProxyHeader } from '../../src/limits/proxy-protocol.ts';
import { proxyHeader } from '../support/proxy-header.ts';

const changed = (at: number, byte: number) => {
  const header = proxyHeader('192.0.2.1');
  header.writeUInt8(byte, at);
  return header;
};

describe('a PROXY header', () => {
  it('has the address of the connection that the proxy took', () => {
    expect(readProxyHeader(proxyHeader('192.0.2.1'))).toEqual({ kind: 'header', bytes: 28, address: '192.0.2.1' });
    expect(readProxyHeader(proxyHeader('2001:db8::7'))).toMatchObject({ address: '2001:db8:0:0:0:0:0:7' });
  });

  it('has none where the proxy speaks for itself, or for what has no address', () => {
    expect(readProxyHeader(proxyHeader('192.0.2.1', { isLocal: true }))).toMatchObject({ bytes: 28, address: null });
    expect(readProxyHeader(changed(13, 0x31))).toMatchObject({ kind: 'header', address: null });
  });

  it.each([
    ['another version', changed(12, 0x31), 'PROXY header: version must be 2; got 3'],
    ['an unknown command', changed(12, 0x22), 'PROXY header: command must be 0 (LOCAL) or 1 (PROXY); got 2'],
    ['a length beyond reason', changed(14, 0xff), 'PROXY header: length must be at most 4096 bytes; got 65292'],
    ['addresses that are cut off', changed(15, 11), 'PROXY header: its addresses are cut off'],
  ])('is refused with %s', (_, input, error) => {
    expect(readProxyHeader(input)).toEqual({ kind: 'invalid', error });
  });

  it('is none in what producers send', () => {
    for (const text of ['{"message":"m"}\n', '\r\n{"message":"m"}\n', 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n']) {
      expect(readProxyHeader(Buffer.from(text))).toEqual({ kind: 'none' });
    }
  });

  it('is told from what others send, in both of its versions', () => {
    expect(looksLikeProxyHeader(proxyHeader('192.0.2.1'))).toBe(true);
    expect(looksLikeProxyHeader(Buffer.from('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n'))).toBe(true);
    expect(looksLikeProxyHeader(Buffer.from('\r\n\r\n'))).toBe(false);
  });
});
