import { Subject } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Alerting } from '../../src/pipeline/alerting/alerting.ts';
import { DecisionSource } from '../../src/pipeline/alerting/decision-source.ts';
import type { Envelope } from '../../src/pipeline/envelope.ts';
import type { LogRecord } from '../../src/pipeline/record.ts';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { waitFor } from '../support/deadline.ts';
import { route } from '../support/decider-world.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeTempDir } from '../support/temp-dir.ts';

type Log = Awaited<ReturnType<typeof openSqliteLog>>;

/** Alerting on a log in SQLite, and a way into it that the test can block. */
async function startAlerting(dataDir: string) {
  const log = await openSqliteLog({ dataDir });
  const decisions = new DecisionSource();
  const failures: unknown[] = [];
  const world = { isBlocked: false };
  const recorded$ = new Subject<readonly LogRecord[]>();
  let last: Promise<unknown> = Promise.resolve();
  const appendAll = (items: Parameters<Log['append']>[0]) => {
    const appended = last.then(() => log.append(items));
    last = appended;
    return appended;
  };
  const emit = async (envelope: Envelope) => {
    if (world.isBlocked) {
      envelope.settle({ kind: 'failed', code: 'storage_full', error: 'the disk is full' });
      return;
    }
    const { outcomes, records } = await appendAll([envelope]);
    if (outcomes[0] !== undefined) envelope.settle(outcomes[0]);
    recorded$.next(records);
  };
  const entering = decisions.open().subscribe((envelope) => void emit(envelope));
  const alerting = await Alerting.restore({
    log,
    decisions,
    routes: [route],
    clock: Date.now,
    reportFailure: (error) => failures.push(error),
  });
  const sinking = alerting.sink(recorded$).subscribe();
  await alerting.configure();
  let isClosed = false;
  const close = async (keep: boolean) => {
    if (isClosed) return;
    isClosed = true;
    alerting.stop();
    if (keep) await alerting.close();
    sinking.unsubscribe();
    entering.unsubscribe();
    await last;
    await log.close();
  };
  onTestFinished(() => close(false));
  const event = async (id: string, isEmitted = true) => {
    const draft = aDraft({ id, severity: 'error', key: id });
    const { records } = await appendAll([{ draft, channel: 'tcp' }]);
    if (isEmitted) recorded$.next(records);
  };
  const pendingKeys = () => alerting.notifications().map(({ queued }) => queued.key);
  return { world, alerting, log, failures, event, pendingKeys, close };
}

describe('alerting on a log', () => {
  it('decides about events whose commit was in doubt, which nobody handed to it', async () => {
    const { event, pendingKeys } = await startAlerting(await makeTempDir());
    await event('missed', false);
    await event('seen');
    await waitFor(() => pendingKeys().length === 2, { what: 'both mails to be queued' });
    expect([...pendingKeys()].sort()).toEqual(['missed', 'seen']);
  });

  it('decides later when the log cannot take a decision now, and reports that once', async () => {
    const { world, event, pendingKeys, failures } = await startAlerting(await makeTempDir());
    world.isBlocked = true;
    await event('a');
    await waitFor(() => failures.length > 0, { what: 'the failure' });
    await event('b');
    world.isBlocked = false;
    await waitFor(() => pendingKeys().length === 2, { what: 'both mails to be queued' });
    expect(failures.map(String)).toEqual(['Error: the disk is full']);
  });

  it.each([
    ['stopped', true],
    ['killed', false],
  ])('goes on after it was %s with what the log says', async (_, keep) => {
    const dataDir = await makeTempDir();
    const first = await startAlerting(dataDir);
    await first.event('queued');
    await waitFor(() => first.pendingKeys().length === 1, { what: 'the mail to be queued' });
    first.world.isBlocked = true;
    await first.event('undecided');
    await first.close(keep);
    const { pendingKeys, log } = await startAlerting(dataDir);
    await waitFor(() => pendingKeys().length === 2, { what: 'the other mail to be queued' });
    expect(pendingKeys()).toEqual(['queued', 'undecided']);
    expect(log.head).toBe(5);
  });

  it('takes a checkpoint of another version for none, and reads the log from its beginning', async () => {
    const dataDir = await makeTempDir();
    const first = await startAlerting(dataDir);
    await first.event('queued');
    await waitFor(() => first.pendingKeys().length === 1, { what: 'the mail to be queued' });
    await first.log.saveCheckpoint('alerting', '{"version":0}');
    await first.close(false);
    const { pendingKeys, log } = await startAlerting(dataDir);
    expect(pendingKeys()).toEqual(['queued']);
    expect(log.head).toBe(3);
  });
});
