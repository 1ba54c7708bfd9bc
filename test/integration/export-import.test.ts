import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { parseLines, runCli } from '../support/cli.ts';
import { startHub } from '../support/hub.ts';
import { allTypes, mailSettings } from '../support/mail-hub.ts';
import { ask, page, post } from '../support/hub-http.ts';
import { startMailServer } from '../support/smtp-receiver.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** What an import keeps. */
const content = (events: readonly RecordedEvent[]) =>
  events.map(({ position, receivedAt, channel, ...kept }) => {
    expect([typeof position, typeof receivedAt, typeof channel]).toEqual(['number', 'string', 'string']);
    return kept;
  });

const drafts = Array.from({ length: 250 }, (_, at) => ({
  message: `m${at}`,
  source: `s${at % 7}`,
  severity: at % 50 === 0 ? 'critical' : 'info',
  time: `2026-03-01T12:00:${String(at % 60).padStart(2, '0')}.000Z`,
  ...(at % 3 === 0 ? { labels: { rack: `B${at}` }, data: { nested: { at }, none: null } } : {}),
}));

describe('alert-hub export and import', () => {
  it('carry every event to another hub as it was, once however often, and nobody is mailed', async () => {
    const [from, to] = [await makeTempDir(), await makeTempDir()];
    const server = await startMailServer();
    const source = await startHub({ dataDir: from, env: mailSettings(1) });
    await post(source.http, drafts);
    const exported = await runCli(['export'], { dataDir: from });
    expect(exported.exitCode).toBe(0);
    expect(content(parseLines(exported.stdout) as readonly RecordedEvent[])).toMatchObject(drafts);

    const target = await startHub({ dataDir: to, env: mailSettings(server.port) });
    const into = async () => runCli(['import', '--json'], { dataDir: to }, exported.stdout);
    const first = await into();
    expect(first.exitCode).toBe(0);
    expect(JSON.parse(first.stdout)).toEqual({
      ok: true,
      lines: 250,
      recorded: 250,
      duplicates: 0,
      rejected: 0,
      decisions: 0,
    });
    expect(JSON.parse((await into()).stdout)).toMatchObject({ ok: true, recorded: 0, duplicates: 250 });
    const all = (await page(target.http, 'after=0&limit=1000')).events;
    expect(content(all)).toEqual(content(parseLines(exported.stdout) as readonly RecordedEvent[]));
    expect(all.every(({ channel }) => channel === 'import')).toBe(true);
    expect(new Set(await allTypes(target.http))).toEqual(new Set(['alerting.configured', 'event']));
    expect(server.received).toEqual([]);
  });

  it('choose by query, range and type', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    await post(hub.http, drafts);
    await ask(`${hub.http}/api/events/3/redact`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const positions = async (...args: string[]) => {
      const { stdout, exitCode } = await runCli(['export', ...args], { dataDir });
      expect(exitCode).toBe(0);
      return (parseLines(stdout) as readonly RecordedEvent[]).map(({ position }) => position);
    };
    expect(await positions('source:s1', '--from', '10', '--to', '30')).toEqual([16, 23, 30]);
    expect(await positions('--type', '*', '--from', '250')).toEqual([250, 251]);
  });

  it('record into a log that no hub holds, from a file, and pass over decisions', async () => {
    const dataDir = await makeTempDir();
    const file = join(await makeTempDir(), 'events.ndjson');
    const lines = [
      {
        position: 7,
        type: 'event',
        id: 'a',
        time: '2026-01-01T00:00:00.000Z',
        source: 's',
        severity: 'error',
        message: 'm',
        key: 's',
        status: 'firing',
      },
      { position: 8, type: 'notification.sent', id: 'n1', key: 's' },
      { id: 'b', message: 'a draft', source: 's', severity: 'loud' },
      { message: 'no id' },
      { id: 'c', message: 'a draft' },
    ];
    writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\nnot json\n`);
    const { exitCode, stdout, stderr } = await runCli(['import', '--json', file], { dataDir });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ ok: false, lines: 6, recorded: 2, duplicates: 0, rejected: 3, decisions: 1 });
    expect(stderr).toContain('line 3: invalid_event: severity: must be one of');
    expect(stderr).toContain('line 4: invalid_event: id: is needed');
    expect(stderr).toContain('line 6: invalid_json');
    const hub = await startHub({ dataDir });
    expect((await page(hub.http, 'after=0')).events).toMatchObject([
      { position: 1, id: 'a', time: '2026-01-01T00:00:00.000Z', channel: 'import' },
      { position: 2, id: 'c', channel: 'import' },
    ]);
  });

  it('say so when there is no such file', async () => {
    const { exitCode, stderr } = await runCli(['import', 'nothing.ndjson'], { dataDir: await makeTempDir() });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('nothing.ndjson') as string });
  });
});
