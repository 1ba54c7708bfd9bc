import { describe, expect, it } from 'vitest';
import { HubError } from '../../src/client/hub-error.ts';
import type { SessionInfo } from '../../src/pipeline/access-desks.ts';
import { Sessions } from '../../web/state/sessions.ts';

function aSession(id: string, used: string): SessionInfo {
  const token = { id: 'aaaaaaaa', name: 'wall' };
  const expires = '2026-04-16T09:42:00.000Z';
  return { id, token, role: 'read', created: used, used, expires, address: '127.0.0.1', current: false };
}

function makeSessions() {
  const hub = { list: [aSession('1', '2026-03-17T09:40:00.000Z'), aSession('2', '2026-03-17T09:41:00.000Z')] };
  const refusal: { error: Error | null } = { error: null };
  const sessions = new Sessions({
    list: async () => {
      if (refusal.error !== null) throw refusal.error;
      return hub.list;
    },
    end: async (id) => {
      if (refusal.error !== null) throw refusal.error;
      hub.list = hub.list.filter((each) => each.id !== id);
    },
  });
  const ids = () => sessions.list.value?.map(({ id }) => id);
  return { sessions, hub, refusal, ids };
}

describe('Sessions', () => {
  it('lists who was there last first, and drops whom it has ended', async () => {
    const { sessions, ids } = makeSessions();
    await sessions.load();
    expect(ids()).toEqual(['2', '1']);
    await sessions.end('2');
    expect(ids()).toEqual(['1']);
  });

  it('keeps what it has when the hub does not answer, and says so until it does', async () => {
    const { sessions, refusal, ids } = makeSessions();
    await sessions.load();
    refusal.error = new HubError('unreachable', 'refused');
    await sessions.end('2');
    expect([ids(), sessions.failed.value]).toEqual([['2', '1'], 'end']);
    await sessions.load();
    expect(sessions.failed.value).toBe('list');
    refusal.error = null;
    await sessions.load();
    expect([ids(), sessions.failed.value]).toEqual([['2', '1'], null]);
  });

  it('counts one that has ended by itself as ended', async () => {
    const { sessions, hub } = makeSessions();
    const gone = new Sessions({
      list: async () => hub.list,
      end: () => Promise.reject(new HubError('not_found', 'there is no session')),
    });
    await gone.end('9');
    expect([gone.failed.value, gone.list.value?.length, sessions.failed.value]).toEqual([null, 2, null]);
  });
});
