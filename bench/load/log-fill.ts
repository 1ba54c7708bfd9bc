import { createDrafts } from '../drafts.ts';
import type { AppendItem } from '../../src/pipeline/event-log.ts';
import { parseDraftText } from '../../src/pipeline/draft.ts';
import { openForWriting } from '../../src/sinks/sqlite/log-file.ts';
import { LogWriter } from '../../src/sinks/sqlite/log-writer.ts';
import { prepareBatch } from '../../src/sinks/sqlite/prepared-batch.ts';

export interface LogFill {
  /** Where the log is made. */
  readonly dataDir: string;
  readonly events: number;
}

const eventsPerCommit = 10_000;
/** Between two commits, as the events' times tell it: 1,000 a second. */
const commitEveryMs = 10_000;

/** Writes a log as the hub would, with the hub's own code, in large transactions. The last event is received now. */
export function run({ dataDir, events }: LogFill): { readonly head: number } {
  const writer = new LogWriter(openForWriting(dataDir));
  try {
    const commits = Math.ceil(events / eventsPerCommit);
    const firstAt = Date.now() - (commits - 1) * commitEveryMs;
    for (let commit = 0; commit < commits; commit += 1) {
      const receivedAt = firstAt + commit * commitEveryMs;
      const items = makeItems(Math.min(eventsPerCommit, events - writer.head), commit, receivedAt);
      const batch = prepareBatch(items, receivedAt);
      writer.append(batch.fields, batch.receivedAt);
    }
    return { head: writer.head };
  } finally {
    writer.close();
  }
}

/** No load has a seed below zero, so that none sends one of these ids again. */
function makeItems(count: number, commit: number, now: number): readonly AppendItem[] {
  const next = createDrafts(-1 - commit, now);
  return Array.from({ length: count }, () => {
    const parsed = parseDraftText(next().text);
    if (!parsed.ok) throw new Error('a sample draft is not a draft');
    return { draft: parsed.draft, channel: 'tcp' };
  });
}
