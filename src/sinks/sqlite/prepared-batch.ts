import { severities, type EventDraft } from '../../pipeline/event.ts';
import type { AppendItem, Appended } from '../../pipeline/event-log.ts';
import type { Outcome } from '../../pipeline/outcome.ts';
import {
  bodyOf,
  decisionOf,
  eventOf,
  recordJson,
  type LogRecord,
  type Pending,
  type RecordValue,
} from '../../pipeline/record.ts';
import { idConflict, type AppendField } from './log-protocol.ts';
import { given } from './tables.ts';

/** A batch as the writer takes it, with what makes records of it once the positions are known. */
export interface PreparedBatch {
  readonly receivedAt: number;
  readonly records: readonly PreparedRecord[];
  /** See `AppendFields`. */
  readonly fields: readonly AppendField[];
}

interface PreparedRecord {
  readonly id: string;
  readonly value: Pending<RecordValue>;
  readonly body: string;
  readonly statusGiven: boolean;
}

export function prepareBatch(items: readonly AppendItem[], receivedAt: number): PreparedBatch {
  const receivedAtText = new Date(receivedAt).toISOString();
  const records: PreparedRecord[] = [];
  const fields: AppendField[] = [];
  for (const item of items) {
    if ('decision' in item) {
      const { decision } = item;
      const value = decisionOf(decision, receivedAtText);
      const body = bodyOf(value);
      const key = 'key' in decision ? decision.key : null;
      records.push({ id: 'id' in decision ? decision.id : '', value, body, statusGiven: false });
      fields.push(decision.type, null, null, null, null, null, key, 0, body);
      continue;
    }
    const { draft, channel } = item;
    const time = draft.time === null ? receivedAtText : new Date(draft.time).toISOString();
    const value = eventOf(draft, channel, time, receivedAtText);
    const body = bodyOf(value);
    records.push({ id: draft.id, value, body, statusGiven: draft.statusGiven });
    const severity = severities.indexOf(draft.severity);
    const key = draft.key === draft.source ? null : draft.key;
    fields.push(null, draft.id, draft.source, severity, draft.time, channel, key, givenBy(draft), body);
  }
  return { receivedAt, records, fields };
}

function givenBy({ statusGiven, time, idGiven }: EventDraft): number {
  return (statusGiven ? given.status : 0) | (time === null ? 0 : given.time) | (idGiven ? given.id : 0);
}

/** What became of a batch, from the writer's verdicts (see `WriterAnswer`). */
export function appendedOf(batch: PreparedBatch, verdicts: Float64Array): Appended {
  const recorded: LogRecord[] = [];
  const outcomes = batch.records.map(({ id, value, body, statusGiven }, index): Outcome => {
    const verdict = verdicts[index] ?? idConflict;
    if (verdict > 0) {
      value.position = verdict;
      recorded.push({ value: value, json: recordJson(verdict, body), statusGiven });
      return { kind: 'accepted', id, position: verdict };
    }
    if (verdict < 0) return { kind: 'duplicate', id, position: -verdict };
    const rule = 'must be new for this source, or come with the same content';
    const error = `id: ${rule}; ${JSON.stringify(id)} is recorded with other content`;
    return { kind: 'rejected', code: 'id_conflict', error, id };
  });
  return { outcomes, records: recorded };
}

export interface Failure {
  readonly code: 'unavailable' | 'in_doubt' | 'storage_full';
  readonly error: string;
}

export function failed(item: AppendItem, { code, error }: Failure): Outcome {
  return { kind: 'failed', code, error, id: 'draft' in item ? item.draft.id : '' };
}
