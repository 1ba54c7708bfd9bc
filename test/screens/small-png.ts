import { crc32, deflateSync } from 'node:zlib';
import { readPng, type Pixels } from './pixels.ts';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const mostColours = 256;
/** Squared, over three channels: eight steps in each. */
const noticeable = 192;

/** The same picture with 256 colours at most, the others taken for the nearest of them: a third of the bytes, and on a page
 *  of few colours nothing that an eye would see. */
export function smallPng(png: Buffer): Buffer {
  const pixels = readPng(png);
  const palette = paletteOf(pixels);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels.width, 0);
  header.writeUInt32BE(pixels.height, 4);
  header.set([8, 3], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))),
    chunk('IDAT', deflateSync(linesOf(pixels, palette), { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourAt(rgb: Uint8Array, pixel: number): number {
  const [red = 0, green = 0, blue = 0] = rgb.subarray(pixel * 3, pixel * 3 + 3);
  return (red << 16) | (green << 8) | blue;
}

/** First the most frequent that are clearly others than those before, or the shades of the letters would leave no place for
 *  the one green dot; then, for soft shadows, the most frequent of the rest. */
function paletteOf({ width, height, rgb }: Pixels): readonly number[] {
  const counts = new Map<number, number>();
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const colour = colourAt(rgb, pixel);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour);
  const distinct: number[] = [];
  for (const colour of colours) {
    if (distinct.every((other) => distance(colour, other) >= noticeable)) distinct.push(colour);
    if (distinct.length === mostColours) break;
  }
  return [...new Set([...distinct, ...colours])].slice(0, mostColours);
}

/** Each line after its filter, which is none: of places in a palette nothing can be predicted. */
function linesOf({ width, height, rgb }: Pixels, palette: readonly number[]): Buffer {
  const places = new Map(palette.map((colour, place) => [colour, place]));
  const lines = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const colour = colourAt(rgb, pixel);
    const place = places.get(colour) ?? nearest(colour, palette);
    places.set(colour, place);
    lines[pixel + Math.floor(pixel / width) + 1] = place;
  }
  return lines;
}

function nearest(colour: number, palette: readonly number[]): number {
  const distances = palette.map((other) => distance(colour, other));
  return distances.indexOf(Math.min(...distances));
}

function distance(one: number, other: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
