import { inflateSync } from 'node:zlib';

/** A picture, three bytes a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const signatureBytes = 8;
/** By colour type: true colour, without and with an alpha channel. */
const channelsOf: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

/** Reads a PNG as browsers write it: 8 bits a channel, true colour, not interlaced. What is transparent is not asked for. */
export function readPng(png: Buffer): Pixels {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const [bits = 0, colourType = 0, , , interlaced = 0] = png.subarray(24, 29);
  const channels = channelsOf[colourType];
  if (bits !== 8 || interlaced !== 0 || channels === undefined) {
    throw new Error(`a PNG of an unexpected kind: ${String(bits)} bits, colour type ${String(colourType)}`);
  }
  const lines = unfiltered(inflateSync(Buffer.concat(dataOf(png))), width * channels, height, channels);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    rgb.set(lines.subarray(pixel * channels, pixel * channels + 3), pixel * 3);
  }
  return { width, height, rgb };
}

function dataOf(png: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = signatureBytes; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return parts;
}

/** PNG specification, section 9: each line says how its bytes were predicted from those to the left and above. */
function unfiltered(raw: Uint8Array, lineBytes: number, height: number, step: number): Uint8Array {
  const out = new Uint8Array(lineBytes * height);
  const byteAt = (x: number, y: number): number => (x < 0 || y < 0 ? 0 : (out[y * lineBytes + x] ?? 0));
  for (let y = 0; y < height; y += 1) {
    const line = y * (lineBytes + 1);
    const filter = raw[line] ?? 0;
    for (let x = 0; x < lineBytes; x += 1) {
      const guess = predicted(filter, byteAt(x - step, y), byteAt(x, y - 1), byteAt(x - step, y - 1));
      out[y * lineBytes + x] = (raw[line + x + 1] ?? 0) + guess;
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  return filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [byLeft, byUp, byCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
