import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backUpLog } from '../../src/sinks/sqlite/log-backup.ts';
import { restoreLog } from '../../src/sinks/sqlite/log-restore.ts';
import { waitFor } from '../support/deadline.ts';
import { startHub } from '../support/hub.ts';
import { post } from '../support/hub-http.ts';
import { mailSettings, notifications } from '../support/mail-hub.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { makeTempDir } from '../support/temp-dir.ts';

it('a restored hub sends what was pending when the backup was made, once, and nothing that was sent', async () => {
  const dataDir = await makeTempDir();
  const file = join(await makeTempDir(), 'backup.db');
  const server = await startMailServer();
  const hub = await startHub({ dataDir, env: mailSettings(server.port) });
  await post(hub.http, { source: 'a', severity: 'error', message: 'told' });
  await waitFor(async () => (await notifications(hub.http, '?state=sent')).length === 1, {
    within: 30_000,
    what: 'the first mail',
  });
  await hub.stop();
  // The mail server is away.
  const mute = await startHub({ dataDir, env: mailSettings(1) });
  await post(mute.http, { source: 'b', severity: 'error', message: 'waits' });
  await waitFor(async () => (await notifications(mute.http, '?state=pending')).length === 1, {
    what: 'a mail that waits',
  });
  const { signal } = new AbortController();
  await backUpLog({ dataDir, file, mayReplace: false, onProgress: () => undefined, signal });
  await mute.stop();

  const elsewhere = await makeTempDir();
  await restoreLog({ file, dataDir: elsewhere, mayReplace: false, onProgress: () => undefined });
  const hourLater = () => Date.now() + 3_600_000;
  const restored = await startHub({ dataDir: elsewhere, env: mailSettings(server.port), clock: hourLater });
  await post(restored.http, { source: 'c', severity: 'error', message: 'new' });
  await waitFor(async () => (await notifications(restored.http, '?state=sent')).length === 3, {
    within: 30_000,
    what: 'every mail to be sent',
  });
  const subjects = server.received.map(({ mail }) => mail.subject);
  expect(subjects.toSorted()).toEqual(['[ERROR] a: told', '[ERROR] b: waits', '[ERROR] c: new']);
});
