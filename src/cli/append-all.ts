import type { AppendItem, EventLog } from '../pipeline/event-log.ts';

/** Appends the items to a log that this command has opened. Rejects when they are not in it. */
export async function appendAll(log: EventLog, items: readonly AppendItem[]): Promise<void> {
  const { outcomes } = await log.append(items);
  const failure = outcomes.find((outcome) => outcome.kind === 'failed');
  if (failure !== undefined) throw new Error(failure.error);
}
