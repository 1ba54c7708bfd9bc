import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HubAccess } from '../../src/access/access.ts';
import type { AccessDecision } from '../../src/pipeline/access-decision.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const request = { name: 'n', role: 'read', sources: null, expires: null } as const;

async function openIn(dataDir: string) {
  const records: AccessDecision[] = [];
  const access = await HubAccess.open({
    dataDir,
    clock: () => 0,
    record: async (decision) => {
      records.push(decision);
    },
    reportFailure: () => undefined,
    warn: () => undefined,
  });
  return { access, records };
}

describe('the files that say who is let in', () => {
  it.each(['', '{', '[]', '{"version":2,"items":[]}', '{"version":1,"items":[{"id":"1a2b3c4d"}]}', '{"version":1}'])(
    'keep a hub from starting when they hold %j',
    async (text) => {
      for (const name of ['tokens.json', 'sessions.json']) {
        const dataDir = await makeTempDir();
        await writeFile(join(dataDir, name), text);
        await expect(openIn(dataDir)).rejects.toThrow(`${name}: is damaged`);
      }
    },
  );

  it('are replaced whole, and hold every change that was asked for at once', async () => {
    const dataDir = await makeTempDir();
    const { access } = await openIn(dataDir);
    const made = await Promise.all(Array.from({ length: 20 }, () => access.tokens.create(request, 'me')));
    await Promise.all(made.slice(0, 10).map(({ id }) => access.tokens.revoke(id, 'me')));
    expect(await readdir(dataDir)).toEqual(['tokens.json']);
    const again = await openIn(dataDir);
    const valid = made.map(({ token }) => again.access.authenticate(token) !== null);
    expect(valid).toEqual(made.map((_, index) => index >= 10));
  });

  it('change nothing, and record nothing, when they cannot be written', async () => {
    const dataDir = await makeTempDir();
    const { access, records } = await openIn(dataDir);
    const { token, id } = await access.tokens.create(request, 'me');
    // A directory in the place of the draft.
    await mkdir(join(dataDir, 'tokens.json.draft', 'x'), { recursive: true });
    await expect(access.tokens.revoke(id, 'me')).rejects.toThrow();
    await expect(access.tokens.create(request, 'me')).rejects.toThrow();
    expect(access.authenticate(token)).not.toBeNull();
    expect(records.map(({ type }) => type)).toEqual(['token.created']);
  });

  it('hold no secret', async () => {
    const dataDir = await makeTempDir();
    const { access, records } = await openIn(dataDir);
    const { token } = await access.tokens.create(request, 'me');
    const session = await access.sessions.open(token, '127.0.0.1');
    const kept = await Promise.all(
      ['tokens.json', 'sessions.json'].map((name) => readFile(join(dataDir, name), 'utf8')),
    );
    const all = [...kept, JSON.stringify(records)].join('');
    for (const secret of [token, session?.secret ?? '']) expect(all).not.toContain(secret.slice(-43));
  });
});
