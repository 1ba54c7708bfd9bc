import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { parseLines, runCli, startCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub, startHubProcess } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';

async function readAll(http: string): Promise<readonly RecordedEvent[]> {
  const response = await fetch(`${http}/api/events`, { headers: { Accept: 'application/x-ndjson' } });
  return parseLines(await response.text()) as readonly RecordedEvent[];
}

describe('alert-hub send', () => {
  it('finds the hub of the data directory and has one event recorded with what the flags say', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    const flags = ['--source', 's1', '--severity', 'WARN', '--key', 'disk', '--label', 'a=b', '--label', 'c=d=e'];
    const result = await runCli(['send', ...flags, '--status', 'resolved', 'disk is', 'fine'], { dataDir });
    expect(result).toEqual({ exitCode: 0, stdout: 'recorded at position 1\n', stderr: '' });
    expect(await readAll(hub.http)).toMatchObject([
      {
        source: 's1',
        severity: 'warning',
        key: 'disk',
        status: 'resolved',
        labels: { a: 'b', c: 'd=e' },
        message: 'disk is fine',
        channel: 'tcp',
      },
    ]);
  });

  it('says that an event was there already, and fails when the hub refuses it', async () => {
    const dataDir = await makeTempDir();
    await startHub({ dataDir });
    await runCli(['send', '--id', 'x', 'first'], { dataDir });
    expect(await runCli(['send', '--id', 'x', 'first'], { dataDir })).toMatchObject({
      exitCode: 0,
      stdout: 'already recorded at position 1\n',
    });
    const refused = await runCli(['send', '--id', 'x', 'other', '--json'], { dataDir });
    expect(refused.exitCode).toBe(1);
    expect(parseLines(refused.stdout)).toMatchObject([{ ok: false, code: 'id_conflict' }]);
  });

  it.each(['tcp', 'http', 'ws'])('takes each line of standard input for an event, over %s', async (channel) => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    const address = { tcp: hub.tcp, http: hub.http, ws: hub.http.replace('http', 'ws') }[channel] ?? '';
    const input = Buffer.from('{"message":"m1","source":"own"}\n\ntext\n{"message":""}\n\xff\nlast', 'latin1');
    const result = await runCli(['send', '--source', 'flag', `--${channel}`, address], { dataDir }, input);
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain('line 4: invalid_event: message: ');
    expect(result.stderr).toContain('line 5: invalid_json: line: must be valid UTF-8\n');
    expect(result.stderr).toMatch(/4 events sent, 3 acknowledged, 2 rejected, .*\/s\n$/);
    expect(await readAll(hub.http)).toMatchObject([
      { message: 'm1', source: 'own', channel },
      { message: 'text', source: 'flag', channel },
      { message: 'last', source: 'flag', channel },
    ]);
  });

  it('prints a verdict for each line when it is read by a program', async () => {
    const dataDir = await makeTempDir();
    await startHub({ dataDir });
    const { exitCode, stdout } = await runCli(
      ['send', '--json'],
      { dataDir },
      '{"message":"m","id":"a"}\n{"message":5}\n',
    );
    expect(exitCode).toBe(1);
    expect(parseLines(stdout)).toMatchObject([
      { line: 1, ok: true, id: 'a', position: 1 },
      { line: 2, ok: false, code: 'invalid_event' },
    ]);
  });

  it('loses and doubles nothing when the hub is killed and started again meanwhile', async () => {
    const options = { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort() };
    const first = await startHubProcess(options);
    const { child, result, stderr } = startCli(['send', '--tcp', `127.0.0.1:${options.tcpPort}`], options);
    const count = 3_000;
    for (let n = 1; n <= count / 2; n += 1) child.stdin.write(`{"message":"m","data":{"n":${n}}}\n`);
    await waitFor(async () => (await readAll(first.http)).length > 0, { within: 15_000, what: 'the first events' });
    await first.kill();
    for (let n = count / 2 + 1; n <= count; n += 1) child.stdin.write(`{"message":"m","data":{"n":${n}}}\n`);
    child.stdin.end();
    await waitFor(() => stderr().includes('trying again'), { what: 'the outage to be noticed' });
    const second = await startHubProcess(options);
    const { exitCode } = await result;
    expect(exitCode).toBe(0);
    expect(stderr()).toMatch(new RegExp(`connected again\\n3,000 events sent, 3,000 acknowledged.*, 0 rejected`));
    const numbers = (await readAll(second.http)).map(({ data }) => data?.['n']);
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  }, 40_000);

  it('follows a hub that comes back on other ports', async () => {
    const dataDir = await makeTempDir();
    const first = await startHub({ dataDir });
    const { child, result, stderr } = startCli(['send'], { dataDir });
    child.stdin.write('one\n');
    await waitFor(async () => (await readAll(first.http)).length === 1, { what: 'the first event' });
    await first.stop();
    child.stdin.end('two\n');
    await waitFor(() => stderr().includes('trying again'), { what: 'the outage to be noticed' });
    const second = await startHub({ dataDir, tcpPort: await findFreePort() });
    expect((await result).exitCode).toBe(0);
    expect((await readAll(second.http)).map(({ message }) => message)).toEqual(['one', 'two']);
  });

  it('gives up in time, says what was not acknowledged and what to do, and fails', async () => {
    const dataDir = await makeTempDir();
    const address = `127.0.0.1:${await findFreePort()}`;
    const args = ['send', '--tcp', address, '--give-up-after', '300ms'];
    const { exitCode, stderr } = await runCli(args, { dataDir }, 'a\nb\n');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`gave up: ${address} acknowledged nothing for 0.3 s (connect ECONNREFUSED ${address})`);
    expect(stderr).toContain('start the hub with "alert-hub serve"');
    expect(stderr).toContain('not acknowledged: 2 events (lines 1 to 2)\n');
  });

  it('ends at Ctrl-C, and says what is not acknowledged', async () => {
    const dataDir = await makeTempDir();
    const { child, result, stderr } = startCli(['send', '--tcp', `127.0.0.1:${await findFreePort()}`], { dataDir });
    child.stdin.write('a\n');
    await waitFor(() => stderr().includes('trying again'), { what: 'the outage to be noticed' });
    child.kill('SIGINT');
    expect(await result).toMatchObject({ exitCode: 1 });
    expect(stderr()).toContain('interrupted\n');
  });

  it('goes on sending when nobody reads its verdicts any more', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    const { child, result } = startCli(['send', '--json'], { dataDir });
    child.stdout.destroy();
    for (let n = 1; n <= 500; n += 1) {
      child.stdin.write(`m${n}\n`);
      if (n % 100 === 0) await delay(5);
    }
    child.stdin.end();
    expect((await result).exitCode).toBe(0);
    expect(await readAll(hub.http)).toHaveLength(500);
  });
});
