/** A size for a sentence, in whole mebibytes: `64 MiB`. */
export function inMebibytes(bytes: number): string {
  return `${String(Math.floor(bytes / 1024 / 1024))} MiB`;
}
