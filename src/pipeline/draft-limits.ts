/** What one draft may be, the same on every channel (sizes in bytes of UTF-8, lengths in UTF-16 units). */
export const draftLimits = {
  maxBytes: 65_536,
  maxMessageBytes: 8_192,
  maxSourceLength: 128,
  maxIdLength: 128,
  maxKeyLength: 256,
  maxLabels: 32,
  maxLabelNameLength: 64,
  maxLabelValueLength: 256,
  /** Objects and arrays within each other, the draft itself being the first. */
  maxDepth: 16,
  maxNames: 128,
} as const;

/** The part of the limits that a recorded event may be over, written as a draft again: fields that nothing knew have moved
 *  into `data`, one deeper and beside those that were there, and a number such as 1e20 has all its digits. */
export const importLimits: DraftShape = { maxBytes: 524_288, maxDepth: 17, maxNames: 256 };

/** How large, deep and wide a draft may be. */
export interface DraftShape {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly maxNames: number;
}

/** Items of one batch, so that the verdicts of a body of 16 MiB stay in bounded memory. */
export const maxBatchItems = 1_000_000;
