import { createRandom, createZipf, pick, type Random } from './random.ts';

export interface SampleDraft {
  /** JSON without a newline, 100 to 300 bytes. */
  readonly text: string;
  readonly message: string;
  /** The producer's own id, which every second draft has. */
  readonly id: string | undefined;
}

const smallest = 100;
const largest = 300;
const sourceCount = 500;
/** In percent; errors and critical ones make up 15. */
const shares = [
  ['info', 60],
  ['warning', 25],
  ['error', 12],
  ['critical', 3],
] as const;
const kinds = ['sensor', 'switch', 'host', 'backup', 'camera'];
const proseRandom = createRandom(1);
const sites = ['madrid', 'porto', 'lyon', 'graz', 'turku'];
const words =
  'link down port temperature above limit disk almost full login failed for user backup finished after retry fan speed low voltage lost contact timeout while reading from uplink restarted memory pressure certificate expires soon'.split(
    ' ',
  );
/** Messages are cut from it, which is quicker than to make each of words. Nothing in it has to be escaped in JSON. */
const prose = Array.from({ length: 8_192 }, () => pick(proseRandom, words)).join(' ');
const units = ['°C', '%', 'ms', 'V'];
/** Drafts are sent so long, at most, after what they tell of has happened. */
const latestMs = 1_000;

/** Drafts as real producers send them: a few sources send most, sizes vary, every second one has an id, some have times,
 *  keys, labels and data. The same seed gives the same drafts; ids of different seeds never meet. Their times lie just before
 *  `now`. */
export function createDrafts(seed: number, now: number): () => SampleDraft {
  const random = createRandom(seed);
  const zipf = createZipf(random, sourceCount);
  let count = 0;
  return () => {
    count += 1;
    const rank = zipf();
    const id = count % 2 === 0 ? uuid(random) : undefined;
    const fields = {
      source: `${kinds[rank % kinds.length] ?? ''}_${String(rank)}`,
      severity: severity(random),
      ...(id === undefined ? {} : { id }),
      ...(random() < 0.4 ? { time: new Date(now - random() * latestMs).toISOString() } : {}),
      ...(random() < 0.2 ? { key: `${pick(random, words)}:${String(rank)}` } : {}),
      ...(random() < 0.2 ? { labels: { site: pick(random, sites), rack: `r${String(rank % 40)}` } } : {}),
      ...(random() < 0.2 ? { data: { value: Math.round(random() * 1000) / 10, unit: pick(random, units) } } : {}),
    };
    const start = JSON.stringify(fields).slice(0, -1);
    const room = smallest + random() * (largest - smallest) - Buffer.byteLength(start) - ',"message":""}'.length;
    const message = sentence(random, Math.max(4, Math.floor(room)));
    return { text: `${start},"message":"${message}"}`, message, id };
  };
}

function severity(random: Random): string {
  let drawn = random() * 100;
  const found = shares.find(([, share]) => (drawn -= share) < 0);
  return (found ?? shares[0])[0];
}

/** A stretch of the prose that begins with a word. */
function sentence(random: Random, length: number): string {
  const start = prose.indexOf(' ', Math.floor(random() * (prose.length - 2 * largest))) + 1;
  return prose.slice(start, start + length);
}

/** A random one (version 4), as most producers make them: hard on an index, which cannot grow at its end alone. */
function uuid(random: Random): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}
