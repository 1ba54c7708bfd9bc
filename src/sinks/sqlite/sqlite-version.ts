type Version = readonly [major: number, minor: number, patch: number];

/** Where the WAL-reset bug was mended: in a checkpoint that meets another connection's commit, older versions can lose or
 *  damage what was committed (https://sqlite.org/wal.html, "the WAL-reset bug"). */
const mended: Version = [3, 51, 3];
const mendedBackports: readonly Version[] = [
  [3, 44, 6],
  [3, 50, 7],
];

/** Whether this version of SQLite, as `3.51.3`, can be trusted with the log. */
export function isSafeSqlite(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [mendedMajor, mendedMinor, mendedPatch] = mended;
  if (major !== mendedMajor) return major > mendedMajor;
  if (minor > mendedMinor || (minor === mendedMinor && patch >= mendedPatch)) return true;
  return mendedBackports.some((backport) => minor === backport[1] && patch >= backport[2]);
}

/** Throws, with the remedy, when SQLite is a version that can damage the log. */
export function refuseUnsafeSqlite(version: string): void {
  if (isSafeSqlite(version)) return;
  throw new Error(`SQLite ${version} can damage the log: it must be ${mended.join('.')} or newer; run \`npm ci\``);
}
