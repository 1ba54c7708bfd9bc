import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverHub } from '../../src/client/discover.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const running = {
  pid: process.pid,
  http: 'http://127.0.0.1:8181',
  tcp: '127.0.0.1:9191',
  version: '1',
  token: 'local',
};

/** A data directory whose hub has written this. */
async function dirWith(run: object | string): Promise<string> {
  const dataDir = await makeTempDir();
  await writeFile(join(dataDir, 'run.json'), typeof run === 'string' ? run : JSON.stringify(run));
  return dataDir;
}

describe('discoverHub', () => {
  it('takes the defaults when nothing is known', async () => {
    expect(discoverHub({ dataDir: await makeTempDir(), env: {} })).toEqual({
      http: 'http://127.0.0.1:8080',
      ws: 'ws://127.0.0.1:8080/ws',
      tcp: { host: '127.0.0.1', port: 9_000 },
      isTcpKnown: true,
      trust: {},
      token: undefined,
      by: 'default',
    });
  });

  it('finds the running hub of the data directory, and its token', async () => {
    expect(discoverHub({ dataDir: await dirWith(running), env: {} })).toEqual({
      http: 'http://127.0.0.1:8181',
      ws: 'ws://127.0.0.1:8181/ws',
      tcp: { host: '127.0.0.1', port: 9_191 },
      isTcpKnown: true,
      trust: {},
      token: 'local',
      by: 'run.json',
    });
  });

  it('reaches a hub that listens everywhere by the loopback address', async () => {
    const dataDir = await dirWith({ ...running, tcp: '0.0.0.0:9191' });
    expect(discoverHub({ dataDir, env: {} })).toMatchObject({ tcp: { host: '127.0.0.1' }, token: 'local' });
  });

  it('takes the data directory from the environment when no flag names one', async () => {
    const env = { HUB_DATA_DIR: await dirWith(running) };
    expect(discoverHub({ env }).by).toBe('run.json');
    expect(discoverHub({ env, dataDir: await makeTempDir() }).by).toBe('default');
  });

  it.each([
    ['of a hub that is dead', { ...running, pid: 2 ** 30 }],
    ['without a process', { http: running.http, tcp: running.tcp }],
    ['for a whole process group', { ...running, pid: 0 }],
    ['that is cut off', '{"pid":1'],
  ])('ignores a run.json %s', async (_, run) => {
    expect(discoverHub({ dataDir: await dirWith(run), env: {} }).by).toBe('default');
  });

  it('does as the flag says rather than the environment', () => {
    const env = { HUB_URL: 'http://env:1' };
    expect(discoverHub({ env }).http).toBe('http://env:1');
    expect(discoverHub({ env, url: 'http://flag:2/' }).http).toBe('http://flag:2');
  });

  it('looks for the TCP port on the host of a given URL', () => {
    expect(discoverHub({ url: 'https://hub.example/', env: {} })).toMatchObject({
      ws: 'wss://hub.example/ws',
      tcp: { host: 'hub.example', port: 9_000 },
      by: 'setting',
    });
  });

  it('keeps the path under which a proxy serves the hub', () => {
    expect(discoverHub({ url: 'http://proxy/hub/', env: {} })).toMatchObject({
      http: 'http://proxy/hub',
      ws: 'ws://proxy/hub/ws',
    });
  });

  it.each([{ url: 'http://elsewhere:8181' }, { tcp: 'elsewhere:9191' }])(
    'never gives the token of a run.json to another hub (%o)',
    async (said) => {
      expect(discoverHub({ dataDir: await dirWith(running), env: {}, ...said }).token).toBeUndefined();
    },
  );

  it('gives it to the same hub when that is named', async () => {
    expect(discoverHub({ dataDir: await dirWith(running), env: {}, url: running.http }).token).toBe('local');
  });

  it('trusts the certificates of a run.json for its hub alone', async () => {
    const tls = { ...running, http: 'https://127.0.0.1:8181', tcp: 'tls://127.0.0.1:9191', ca: ['/tls/hub.pem'] };
    const dataDir = await dirWith(tls);
    expect(discoverHub({ dataDir, env: {} })).toMatchObject({
      tcp: { host: '127.0.0.1', port: 9_191, isSecure: true },
      trust: { ownFiles: tls.ca },
    });
    expect(discoverHub({ dataDir, env: {}, tcp: 'tls://elsewhere:9191' }).trust).toEqual({});
  });

  it('knows no TCP port where that asks for a certificate, unless there is one', async () => {
    const dataDir = await dirWith({ ...running, tcpNeedsCertificate: true });
    expect(discoverHub({ dataDir, env: {} }).isTcpKnown).toBe(false);
    expect(discoverHub({ dataDir, env: {}, clientCert: 'own.pem' }).isTcpKnown).toBe(true);
  });

  it('takes the token from the environment, or from the file that it names', async () => {
    const file = join(await makeTempDir(), 'token');
    await writeFile(file, 'from-file\n');
    const dataDir = await dirWith(running);
    expect(discoverHub({ dataDir, env: { HUB_TOKEN: 'from-env', HUB_TOKEN_FILE: file } }).token).toBe('from-env');
    expect(discoverHub({ dataDir, env: { HUB_TOKEN_FILE: file } }).token).toBe('from-file');
  });

  it.each([
    [{ url: 'localhost:8080' }, 'url: must be like http://host:8080; got "localhost:8080"'],
    [{ tcp: '9000' }, 'tcp: must be like host:9000; got "9000"'],
    [{ tcp: 'host:99999' }, 'tcp: must be like host:9000; got "host:99999"'],
    [{ env: { HUB_TOKEN_FILE: '/nowhere/token' } }, 'HUB_TOKEN_FILE: cannot be read; ENOENT'],
  ])('says what is wrong with %o', (said, message) => {
    expect(() => discoverHub({ env: {}, ...said })).toThrow(message);
  });
});
