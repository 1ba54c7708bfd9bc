import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, type CliOptions } from '../support/cli.ts';
import { startHub } from '../support/hub.ts';
import { ask } from '../support/hub-http.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { bearer } from '../support/tokens.ts';

const secretLine = /^hub_[0-9a-f]{8}_[\w-]{43}\n$/;

/** What a command that must succeed prints. */
async function done(options: CliOptions, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCli(args, options);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return stdout;
}

describe('alert-hub token', () => {
  it('makes the first token before a hub has run, so that one may listen to other machines', async () => {
    const dataDir = await makeTempDir();
    const open = { HUB_HTTP_HOST: '0.0.0.0' };
    await expect(startHub({ dataDir, env: open })).rejects.toThrow('alert-hub token create');
    const { exitCode, stdout, stderr } = await runCli(['token', 'create', '--role', 'admin', '--name', 'me'], {
      dataDir,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(secretLine) as string });
    expect(stderr).toMatch(/^made the admin token [0-9a-f]{8}, me; it is shown this once\n$/);

    const { http } = await startHub({ dataDir, env: open });
    const { body } = await ask(`${http}/api/events?type=token.created`, { headers: bearer(stdout.trim()) });
    expect(body).toMatchObject({
      events: [{ name: 'me', role: 'admin', by: expect.stringContaining('by command') as string }],
    });
  });

  it('lists, replaces and revokes through the running hub, without being told a token', async () => {
    const dataDir = await makeTempDir();
    const { http } = await startHub({ dataDir });
    const options = { dataDir };
    const secret = (await done(options, 'token', 'create', '--role', 'read', '--expires', '30d')).trim();
    const id = secret.slice(4, 12);
    const status = async (token: string) => (await ask(`${http}/api/stats`, { headers: bearer(token) })).status;

    const renewed = JSON.parse(await done(options, 'token', 'rotate', id, '--overlap', '1h', '--json')) as {
      id: string;
      token: string;
    };
    expect([await status(secret), await status(renewed.token)]).toEqual([200, 200]);
    const listed = await done(options, 'token', 'list');
    expect(listed.split('\n')).toMatchObject([
      expect.stringMatching(/^ID +ROLE +NAME +EXPIRES +SOURCES$/),
      expect.stringMatching(new RegExp(`^${id}  read `)),
      expect.stringMatching(new RegExp(`^${renewed.id}  read `)),
      '',
    ]);
    expect(listed).not.toContain(secret.slice(13));

    expect(await done(options, 'token', 'revoke', id)).toBe(`revoked the read token ${id}, read\n`);
    expect([await status(secret), await status(renewed.token)]).toEqual([401, 200]);
    expect(await runCli(['token', 'revoke', id], options)).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('revokes on a directory that no hub holds', async () => {
    const dataDir = await makeTempDir();
    const secret = await done({ dataDir }, 'token', 'create', '--role', 'ingest', '--source', 'a', '--source', 'b');
    await done({ dataDir }, 'token', 'revoke', secret.slice(4, 12), '--json');
    expect(JSON.parse(await readFile(join(dataDir, 'tokens.json'), 'utf8'))).toEqual({ version: 1, items: [] });
  });

  it('lets the commands that are told a token do what it allows', async () => {
    const dataDir = await makeTempDir();
    const { http, tcp } = await startHub({ dataDir });
    const token = async (role: string) => (await done({ dataDir }, 'token', 'create', '--role', role)).trim();
    const [ingest, read] = [await token('ingest'), await token('read')];
    const elsewhere = await makeTempDir();
    const run = (HUB_TOKEN: string, ...args: string[]) => runCli(args, { dataDir: elsewhere, env: { HUB_TOKEN } });

    for (const way of [`--tcp=${tcp}`, `--http=${http}`, `--ws=${http.replace('http', 'ws')}/ws`]) {
      expect(await run(ingest, 'send', way, 'hello')).toMatchObject({ exitCode: 0 });
      expect(await run('wrong', 'send', way, 'hello')).toMatchObject({ exitCode: 1 });
      expect(await run(read, 'send', way, 'hello')).toMatchObject({ exitCode: 1 });
    }
    expect((await run(read, 'query', '--url', http, '--json')).stdout.trim().split('\n')).toHaveLength(3);
    const refused = await run('', 'query', '--url', http);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('set HUB_TOKEN') as string });
    // Found by the data directory of the hub, without any.
    expect(await runCli(['query'], { dataDir })).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [['create'], "required option '--role <role>' not specified"],
    [['create', '--role', 'root'], 'Allowed choices are ingest, read, admin.'],
    [['create', '--role', 'read', '--source', 'a'], 'sources: are for the role ingest; got read'],
    [['create', '--role', 'read', '--name', 'HUB_ADMIN_TOKEN'], 'name: must be'],
    [['create', '--role', 'read', '--expires', '2001-01-01T00:00:00Z'], 'expires: must be'],
    [['rotate', '1a2b3c4d', '--overlap', 'long'], 'It must be a span such as 1h.'],
    [['revoke'], "missing required argument 'id'"],
  ])('refuses %j as wrong usage', async (args, problem) => {
    const { exitCode, stderr } = await runCli(['token', ...args], { dataDir: await makeTempDir() });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(problem);
  });
});
