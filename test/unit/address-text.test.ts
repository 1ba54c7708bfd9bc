import { describe, expect, it } from 'vitest';
import { addressText } from '../../src/server/address-text.ts';

describe('the address of a connection', () => {
  it.each([
    ['127.0.0.1', [127, 0, 0, 1]],
    ['192.0.2.7', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7]],
    ['::1', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
    ['2001:db8::ff', [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff]],
    ['2001:db8:1:2:3:4:5:6', [0x20, 1, 0xd, 0xb8, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]],
    ['', []],
  ])('is %s as people write it', (text, bytes) => {
    expect(addressText(Uint8Array.from(bytes).buffer)).toBe(text);
  });
});
