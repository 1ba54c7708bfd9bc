const units = [
  ['day', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `12,000 events`, `1 event`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A span in its largest whole unit, for people: `30 s`, `2 h`, `90 min`. */
export function spanInWords(ms: number): string {
  for (const [name, unitMs] of units) {
    if (ms >= unitMs && ms % unitMs === 0) {
      const count = ms / unitMs;
      return `${count} ${name}${name === 'day' && count > 1 ? 's' : ''}`;
    }
  }
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** How many a second, whole. */
export function perSecond(count: number, ms: number): string {
  return `${Math.round((count * 1_000) / Math.max(1, ms)).toLocaleString('en-US')}/s`;
}
