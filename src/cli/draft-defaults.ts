import type { Draft } from '../client/publisher.ts';

/** What the flags say about every event of a run. */
export interface DraftDefaults {
  readonly source?: string;
  readonly severity?: string;
  readonly key?: string;
  readonly status?: string;
  readonly label?: Readonly<Record<string, string>>;
}

/** The defaults among other options; each that was not given is left out. */
export function defaultsOf({ source, severity, key, status, label }: DraftDefaults): DraftDefaults {
  return Object.fromEntries(
    Object.entries({ source, severity, key, status, label }).filter(([, value]) => value !== undefined),
  );
}

/** The draft that a line of the input stands for: a JSON object is one, any other text is the message of one. */
export function draftOfLine(line: string, defaults: DraftDefaults): Draft {
  return withDefaults(parseObject(line) ?? { message: line }, defaults);
}

/** A default counts where the draft has nothing, or null; of the labels, each by its name. */
export function withDefaults(draft: Draft, { label, ...fields }: DraftDefaults): Draft {
  const lacking = Object.entries(fields).filter(([name]) => (draft[name] ?? null) === null);
  const labels = label === undefined ? {} : { labels: mergeLabels(draft['labels'], label) };
  return { ...draft, ...Object.fromEntries(lacking), ...labels };
}

/** Labels that are no object are the hub's to refuse. */
function mergeLabels(labels: unknown, defaults: Readonly<Record<string, string>>): unknown {
  if ((labels ?? null) === null) return defaults;
  return isObject(labels) ? { ...defaults, ...labels } : labels;
}

function parseObject(line: string): Draft | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const value = JSON.parse(line) as unknown;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
