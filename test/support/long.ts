/** Whether this is `npm run test:long`. */
export const isLong = process.env['HUB_TEST_LONG'] === '1';

/** `short` in `npm test`, `long` in `npm run test:long`, where each test has hours. */
export function countOf(short: number, long: number): number {
  return isLong ? long : short;
}

/** The seed of this run, to be given again as HUB_TEST_SEED when something was found. */
export function runSeed(): number {
  const given = process.env['HUB_TEST_SEED'];
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  process.stderr.write(`seed: HUB_TEST_SEED=${seed}\n`);
  return seed;
}

/** Milliseconds in which a test of the long kind does as much as fits, where HUB_TEST_MINUTES says so; else Infinity. */
export function timeLimit(): number {
  return Number(process.env['HUB_TEST_MINUTES'] ?? Infinity) * 60_000;
}
