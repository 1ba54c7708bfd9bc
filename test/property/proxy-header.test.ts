import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainAddress } from '../../src/limits/address.ts';
import { readProxyHeader } from '../../src/limits/proxy-protocol.ts';
import { proxyHeader } from '../support/proxy-header.ts';

const addresses = fc.oneof(fc.ipV4(), fc.ipV6());
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

describe('a PROXY header', () => {
  it('is read as it was written, whatever extensions and input follow', () => {
    fc.assert(
      fc.property(addresses, bytes, bytes, (address, extensions, rest) => {
        const header = proxyHeader(address, { extensions });
        const read = readProxyHeader(Buffer.concat([header, rest]));
        expect(read).toMatchObject({ kind: 'header', bytes: header.length });
        const same = new URL(`http://${address.includes(':') ? `[${plainAddress(address)}]` : address}`).hostname;
        const got = read.kind === 'header' ? (read.address ?? '') : '';
        expect(new URL(`http://${got.includes(':') ? `[${got}]` : got}`).hostname).toBe(same);
      }),
    );
  });

  it('is incomplete wherever it is cut, and never taken for anything else', () => {
    fc.assert(
      fc.property(addresses, fc.nat(), (address, at) => {
        const header = proxyHeader(address);
        expect(readProxyHeader(header.subarray(0, at % header.length))).toEqual({ kind: 'incomplete' });
      }),
    );
  });

  it('is never read beyond what came, whatever came', () => {
    const garbage = fc.tuple(fc.constantFrom(0, 1, 12, 13, 14, 16), bytes).map(([kept, noise]) => {
      const beginning = proxyHeader('192.0.2.1').subarray(0, kept);
      return Buffer.concat([beginning, noise]);
    });
    fc.assert(
      fc.property(garbage, (input) => {
        const read = readProxyHeader(input);
        if (read.kind === 'header') expect(read.bytes).toBeLessThanOrEqual(input.length);
      }),
    );
  });
});
