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
const sites = ['madrid', 'porto', 'lyon', 'graz', 'turku'];
const words =
  'link down port temperature above limit disk almost full login failed for user backup finished after retry fan speed low voltage lost contact timeout while reading from uplink restarted memory pressure certificate expires soon'.split(
    ' ',
  );
const units = ['°C', '%', 'ms', 'V'];
const firstTime = Date.UTC(2026, 0, 1);

/** Drafts as real producers send them: a few sources send most, sizes vary, every second one has an id, some have times,
 *  keys, labels and data. The same seed gives the same drafts; ids of different seeds never meet. */
export function createDrafts(seed: number): () => SampleDraft {
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
      ...(random() < 0.4 ? { time: new Date(firstTime + count * 20).toISOString() } : {}),
      ...(random() < 0.2 ? { key: `${pick(random, words)}:${String(rank)}` } : {}),
      ...(random() < 0.2 ? { labels: { site: pick(random, sites), rack: `r${String(rank % 40)}` } } : {}),
      ...(random() < 0.2 ? { data: { value: Math.round(random() * 1000) / 10, unit: pick(random, units) } } : {}),
    };
    const room = smallest + random() * (largest - smallest) - Buffer.byteLength(JSON.stringify(fields));
    const message = sentence(random, room - '"message":"",'.length);
    return { text: JSON.stringify({ ...fields, message }), message, id };
  };
}

function severity(random: Random): string {
  let drawn = random() * 100;
  const found = shares.find(([, share]) => (drawn -= share) < 0);
  return (found ?? shares[0])[0];
}

/** At least one word, whatever the room. */
function sentence(random: Random, length: number): string {
  let text = pick(random, words);
  while (text.length < length) text += ` ${pick(random, words)}`;
  return text.slice(0, Math.max(4, length));
}

/** A random one (version 4), as most producers make them: hard on an index, which cannot grow at its end alone. */
function uuid(random: Random): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`;
}
