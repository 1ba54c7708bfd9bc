import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCli, runCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { ask, post } from '../support/hub-http.ts';
import { startHubProcess } from '../support/hub.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** What a terminal obeys, or shows as another text than it is (CVE-2009-4487, Trojan Source). */
const sequences = [
  ['clearing the screen', '\u001b[2J'],
  ['the title', '\u001b]0;title\u0007'],
  ['a C1 control', '\u009b31m'],
  ['a line of the log', '\r\n{"level":30,"msg":"ready"}'],
  ['a format', '%n%s%d'],
  ['backspaces', 'rm -rf\b\b\b\b\b\b'],
  ['turned writing', 'user\u202etxt.exe\u2066'],
  ['line ends of Unicode', 'a\u2028b\u2029c\u0085d'],
  ['DEL and NUL', 'a\u007fb\u0000c'],
] as const;

const obeyed = /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

const hostile = sequences.map(([what, text]) => ({
  source: `s${text}`,
  key: `k${text}`,
  id: `i${text}`,
  message: `${what} ${text} end`,
  severity: 'critical',
  labels: { [`l${text}`]: text },
  data: { [`d${text}`]: text },
}));

/** What is printed about the hostile events, as the program prints it. */
async function printed(args: readonly string[], dataDir: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runCli(args, { dataDir, env: { FORCE_COLOR: '0' } });
  expect({ exitCode, args, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, args, stderr: '' });
  return stdout + stderr;
}

describe('77: control sequences in an event', () => {
  it('are shown and not obeyed by every command that shows events', async () => {
    const dataDir = await makeTempDir();
    const hub = await startHubProcess({ dataDir });
    const tail = startCli(['tail', '--after', '0'], { dataDir });
    expect((await post(hub.http, hostile)).status).toBe(200);
    await waitFor(() => tail.stdout().split('\n').length > hostile.length, { what: 'every event', within: 20_000 });
    const outputs = [
      tail.stdout(),
      await printed(['query'], dataDir),
      await printed(['query', '--json'], dataDir),
      await printed(['query', '--type', '*'], dataDir),
    ];
    for (const output of outputs) {
      expect(obeyed.exec(output)?.[0]).toBeUndefined();
      for (const [what] of sequences) expect(output).toContain(what);
    }
    expect(outputs[0]?.trimEnd().split('\n')).toHaveLength(hostile.length);
  });

  it('are shown and not obeyed where a command quotes what it was given', async () => {
    const dataDir = await makeTempDir();
    await startHubProcess({ dataDir });
    const { exitCode, stderr } = await runCli(['query', '"\u001b[2J\u009b'], { dataDir });
    expect(exitCode).toBe(2);
    expect(stderr).not.toMatch(obeyed);
  });

  it.each(['json', 'pretty'])('never reach the hub’s own log, in what it could not open (%s)', async (format) => {
    const dataDir = join(await makeTempDir(), 'file');
    await writeFile(dataDir, '');
    const hostileDir = `${dataDir}/\u001b[2J\u009b31m\u202e\u2028`;
    const { exitCode, stdout, stderr } = await runCli(['serve', '--data-dir', hostileDir, '--log-format', format], {
      dataDir,
    });
    expect({ exitCode, stdout: stdout.includes('u001b[2J'), stderr }).toEqual({
      exitCode: 1,
      stdout: true,
      stderr: '',
    });
    expect(stdout).not.toMatch(obeyed);
  });

  it('are shown and not obeyed in what is said about wrong settings', async () => {
    const { exitCode, stderr } = await runCli(['serve', '--http-port', '80\u001b[2J\u009b'], {
      dataDir: await makeTempDir(),
    });
    expect({ exitCode, isNamed: stderr.startsWith('--http-port') }).toEqual({ exitCode: 2, isNamed: true });
    expect(stderr).not.toMatch(obeyed);
  });

  it('are not in the hub’s own log after requests full of them', async () => {
    const hub = await startHubProcess({ dataDir: await makeTempDir(), env: { HUB_LOG_LEVEL: 'debug' } });
    await post(hub.http, hostile);
    for (const [, text] of sequences) {
      await ask(`${hub.http}/api/events?q=${encodeURIComponent(text)}&${encodeURIComponent(text)}=1`);
      await ask(`${hub.http}/${encodeURIComponent(text)}`);
    }
    await hub.stop();
    expect(hub.output()).not.toMatch(obeyed);
  });
});
