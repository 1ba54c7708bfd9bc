import { describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import { makeTempDir } from '../support/temp-dir.ts';

describe('alert-hub', () => {
  it.each([
    [['nope'], "unknown command 'nope'", '(see "alert-hub --help")'],
    [['send', '--colour'], "unknown option '--colour'", '(see "alert-hub send --help")'],
    [['send', '--severity', 'loud', 'x'], 'It must be one of info, warning, error, critical.', 'send --help'],
    [['send', '--tcp', 'h:1', '--ws', 'ws://h', 'x'], 'give one of --tcp, --http and --ws', 'send --help'],
    [['send', '--url', 'localhost', 'x'], 'url: must be like http://host:8080; got "localhost"', 'send --help'],
    [['tail', '--since', 'yesterday'], 'It must be RFC 3339 with a zone, or a span', 'tail --help'],
    [['query', '--limit', '0'], 'It must be a whole number from 1.', 'query --help'],
    [['test-email', 'nobody'], 'It must be an address such as me@example.com.', 'test-email --help'],
    [['verify', '--colour'], "unknown option '--colour'", '(see "alert-hub verify --help")'],
    [['replay', '--speed', 'fast'], 'It must be max, or a number above 0', 'replay --help'],
  ])('refuses %j as wrong usage, and says where help is', async (args, problem, hint) => {
    const { exitCode, stdout, stderr } = await runCli(args, { dataDir: await makeTempDir() });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).toContain(hint);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });

  it('shows its verbs, and counts it as wrong usage to name none', async () => {
    const dataDir = await makeTempDir();
    const help = await runCli(['--help'], { dataDir });
    expect(help.exitCode).toBe(0);
    for (const verb of ['serve', 'send', 'tail', 'query', 'verify', 'replay', 'test-email'])
      expect(help.stdout).toContain(`  ${verb} `);
    const nothing = await runCli([], { dataDir });
    expect(nothing).toEqual({ exitCode: 2, stdout: '', stderr: help.stdout });
  });

  it('says nothing of a reader who has gone before it was read', async () => {
    const { child, result } = startCli(['help', 'send'], { dataDir: await makeTempDir() });
    child.stdout.destroy();
    expect(await result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it.each(['send', 'tail', 'query', 'verify', 'replay', 'serve', 'test-email'])(
    'helps with %s, by an example',
    async (verb) => {
      const { exitCode, stdout } = await runCli(['help', verb], { dataDir: await makeTempDir() });
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(new RegExp(`Examples?:\n  alert-hub ${verb}`));
    },
  );
});
