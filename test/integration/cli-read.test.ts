import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { parseLines, runCli, startCli, type CliProcess } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { findFreePort } from '../support/free-port.ts';
import { startHub, startHubProcess } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';

async function post(http: string, drafts: readonly object[]): Promise<void> {
  const response = await fetch(`${http}/api/events`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(drafts),
  });
  expect(response.status).toBe(200);
}

const numbered = (from: number, through: number): object[] =>
  Array.from({ length: through - from + 1 }, (_, index) => ({ message: `m${from + index}`, id: `${from + index}` }));

const messagesOf = (stdout: string): string[] =>
  (parseLines(stdout) as readonly RecordedEvent[]).map(({ message }) => message);

function hasPrinted({ stdout, stderr }: CliProcess, text: string): Promise<boolean> {
  return waitFor(() => stdout().includes(text) || stderr().includes(text), { within: 15_000, what: `"${text}"` });
}

describe('alert-hub query', () => {
  it('searches, newest or oldest first, up to a limit or to the end', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    await post(hub.http, numbered(1, 1_500));
    const query = async (...args: string[]) =>
      messagesOf((await runCli(['query', '--json', ...args], { dataDir })).stdout);
    const [some, oldest, all] = await Promise.all([
      query(),
      query('--asc', '--after', '3', '--before', '6'),
      query('--all', 'message:m1*'),
    ]);
    expect(some).toHaveLength(100);
    expect(some.slice(0, 2)).toEqual(['m1500', 'm1499']);
    expect(oldest).toEqual(['m4', 'm5']);
    expect(all).toHaveLength(612);
  });

  it('shows a table in which nothing is obeyed, or says that nothing matches', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    await post(hub.http, [{ message: '\u001b[2Jowned', source: 's1', severity: 'critical' }]);
    const [table, nothing, mistaken] = await Promise.all([
      runCli(['query'], { dataDir }),
      runCli(['query', 'source:none'], { dataDir }),
      runCli(['query', 'severity>='], { dataDir }),
    ]);
    expect(table).toMatchObject({ exitCode: 0, stderr: '' });
    expect(table.stdout).toMatch(/^POSITION .*\n1 .* ◆ critical .*s1 .*\\e\[2Jowned\n$/);
    expect(nothing).toEqual({ exitCode: 0, stdout: '', stderr: 'nothing matches\n' });
    expect(mistaken.exitCode).toBe(2);
    expect(mistaken.stderr).toContain('column');
  });

  it('fails when there is no hub, and says where it looked', async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`;
    const { exitCode, stderr } = await runCli(['query'], { dataDir: await makeTempDir(), env: { HUB_URL: url } });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^error: cannot reach the hub at ${url}: .*ECONNREFUSED`));
  });
});

describe('alert-hub tail', () => {
  it('shows what comes, without a gap when the hub is killed and started again, until Ctrl-C', async () => {
    const options = { dataDir: await makeTempDir(), httpPort: await findFreePort(), tcpPort: await findFreePort() };
    const first = await startHubProcess(options);
    await post(first.http, numbered(1, 3));
    const tail = startCli(['tail', '--json', '--after', '1'], options);
    await hasPrinted(tail, '"m3"');
    await first.kill();
    await hasPrinted(tail, 'no connection to the hub');
    const second = await startHubProcess(options);
    await post(second.http, numbered(4, 5));
    await hasPrinted(tail, '"m5"');
    await hasPrinted(tail, 'connected again; nothing was missed');
    tail.child.kill('SIGINT');
    const { exitCode, stdout } = await tail.result;
    expect(exitCode).toBe(0);
    expect(messagesOf(stdout)).toEqual(['m2', 'm3', 'm4', 'm5']);
  }, 40_000);

  it('shows lines for people, of the events that the query is about, and ends with its reader', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    await post(hub.http, [{ message: 'no' }, { message: 'yes\u001b[2J', source: 's1', key: 'k', severity: 'warning' }]);
    const tail = startCli(['tail', 'source:s1', '--since', '1h'], { dataDir });
    await hasPrinted(tail, 'yes');
    expect(tail.stdout()).toMatch(/^\d\d:\d\d:\d\d ▲ s1 \[k\] yes\\e\[2J\n$/);
    tail.child.stdout.destroy();
    await post(hub.http, [{ message: 'more', source: 's1' }]);
    expect(await tail.result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('ends when the hub refuses its query', async () => {
    const dataDir = await makeTempDir();
    await startHub({ dataDir });
    const { exitCode, stderr } = await runCli(['tail', 'severity>='], { dataDir });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the hub refuses: invalid_query: ');
  });
});

describe('alert-hub replay', () => {
  it('reads a stretch of history, both ends included', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    await post(hub.http, numbered(1, 20));
    const [stretch, all, below] = await Promise.all([
      runCli(['replay', '--from', '5', '--to', '8'], { dataDir }),
      runCli(['replay', 'message:m1*', '--from', '1h'], { dataDir }),
      runCli(['replay', '--from', '99'], { dataDir }),
    ]);
    expect(stretch.exitCode).toBe(0);
    expect(messagesOf(stretch.stdout)).toEqual(['m5', 'm6', 'm7', 'm8']);
    expect(messagesOf(all.stdout)).toHaveLength(11);
    expect(below).toMatchObject({ exitCode: 1, stdout: '' });
    expect(below.stderr).toContain('after: must be at most the head, 20');
  });

  it.each(['tcp', 'http', 'ws'])('sends it to another hub over %s, as it was, and only once', async (channel) => {
    const [from, to] = [await makeTempDir(), await makeTempDir()];
    const source = await startHub({ dataDir: from });
    const target = await startHub({ dataDir: to });
    const draft = { id: 'x', time: '2024-02-29T12:00:00.000Z', source: 's', severity: 'error', message: 'm', key: 'k' };
    await post(source.http, [{ ...draft, labels: { a: 'b' }, data: { n: 1 } }, ...numbered(1, 9)]);
    const address = { tcp: target.tcp, http: target.http, ws: target.http.replace('http', 'ws') }[channel] ?? '';
    const replay = () => runCli(['replay', `--${channel}`, address], { dataDir: from });
    const [first, second] = [await replay(), await replay()];
    expect(first).toMatchObject({ exitCode: 0, stdout: '' });
    expect(first.stderr).toContain('10 events read, position 10 of 10');
    expect(first.stderr).toContain('10 acknowledged (0 of them before), 0 rejected\n');
    expect(second.stderr).toContain('10 acknowledged (10 of them before), 0 rejected\n');
    const { stdout } = await runCli(['replay'], { dataDir: to });
    expect(parseLines(stdout)).toHaveLength(10);
    expect(parseLines(stdout)[0]).toMatchObject({ ...draft, labels: { a: 'b' }, data: { n: 1 }, channel });
  });

  it('keeps the spacing that the events had, so many times as fast', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHub({ dataDir });
    const at = (ms: number) => new Date(Date.UTC(2025, 0, 1) + ms).toISOString();
    await post(
      hub.http,
      [0, 6_000, 12_000].map((ms) => ({ message: 'm', time: at(ms) })),
    );
    const arrivals: number[] = [];
    const { child, result } = startCli(['replay', '--speed', '10'], { dataDir });
    child.stdout.on('data', () => arrivals.push(performance.now()));
    expect((await result).exitCode).toBe(0);
    expect(arrivals).toHaveLength(3);
    expect(arrivals[2]! - arrivals[0]!).toBeGreaterThan(1_100);
  });

  it('says how many events the other hub has refused, and fails', async () => {
    const [from, to] = [await makeTempDir(), await makeTempDir()];
    const source = await startHub({ dataDir: from });
    const target = await startHub({ dataDir: to });
    await post(source.http, [{ id: 'x', message: 'one' }]);
    await post(target.http, [{ id: 'x', message: 'another' }]);
    const { exitCode, stderr } = await runCli(['replay', '--tcp', target.tcp], { dataDir: from });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('position 1: id_conflict: ');
    expect(stderr).toContain('refused: 1 event\n');
  });
});
