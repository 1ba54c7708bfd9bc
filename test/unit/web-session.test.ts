import { describe, expect, it } from 'vitest';
import { HubError } from '../../src/client/hub-error.ts';
import type { Identity } from '../../web/api/session-api.ts';
import { Session, type Farewell } from '../../web/state/session.ts';

const nobody: Identity = { required: true, role: null, name: null, expires: null };
const everyone: Identity = { required: false, role: 'admin', name: 'anonymous', expires: null };
const wall: Identity = { required: true, role: 'read', name: 'wall', expires: '2026-04-16T09:42:00.000Z' };

/** `answer` is what the hub says; null when it cannot be reached. */
function makeSession(answer: Identity | null) {
  const hub = { answer, asked: 0 };
  const restarts: (Farewell | null)[] = [];
  const unreachable = () => new HubError('unreachable', 'refused');
  const session = new Session({
    api: {
      identify: async () => {
        hub.asked += 1;
        if (hub.answer === null) throw unreachable();
        return hub.answer;
      },
      logOut: async () => {
        if (hub.answer === null) throw unreachable();
      },
    },
    restart: (farewell) => restarts.push(farewell),
  });
  return { session, hub, restarts };
}

async function begun(answer: Identity | null) {
  const made = makeSession(answer);
  await made.session.begin();
  return made;
}

describe('Session', () => {
  it('knows who is logged in, that nobody is, or that nobody needs to be', async () => {
    expect((await begun(wall)).session.standing.value).toMatchObject({ kind: 'in', isRequired: true, role: 'read' });
    expect((await begun(nobody)).session.standing.value).toEqual({ kind: 'out' });
    expect((await begun(everyone)).session.standing.value).toMatchObject({ kind: 'in', isRequired: false });
  });

  it('lets the page try while the hub does not say', async () => {
    const { session, hub, restarts } = await begun(null);
    expect(session.standing.value).toEqual({ kind: 'unknown' });
    hub.answer = wall;
    await session.check();
    expect([session.standing.value.kind, restarts]).toEqual(['in', []]);
  });

  it.each([
    ['ended', wall],
    ['required', everyone],
    [null, null],
  ] as const)('begins anew, and says why: %s', async (why, before) => {
    const { session, hub, restarts } = await begun(before);
    hub.answer = nobody;
    await session.check();
    expect([restarts, session.standing.value.kind]).toEqual([[why], 'asking']);
  });

  it('stays when a refusal was about something else, or the hub cannot be asked', async () => {
    const { session, hub, restarts } = await begun(wall);
    await session.check();
    hub.answer = null;
    await session.check();
    expect([session.standing.value.kind, restarts]).toEqual(['in', []]);
  });

  it('asks once however many requests were refused at the same time', async () => {
    const { session, hub, restarts } = await begun(wall);
    hub.answer = nobody;
    await Promise.all([session.check(), session.check(), session.check()]);
    await session.check();
    expect([hub.asked, restarts]).toEqual([2, ['ended']]);
  });

  it('tells everyone who asks when it has looked', async () => {
    const { session, hub } = await begun(wall);
    hub.answer = { ...wall, name: 'other' };
    void session.check();
    await session.check();
    expect(session.standing.value).toMatchObject({ kind: 'in', name: 'other' });
  });

  it('enters when somebody has logged in in another tab', async () => {
    const { session, hub, restarts } = await begun(nobody);
    await session.check();
    expect(restarts).toEqual([]);
    hub.answer = wall;
    await session.check();
    expect(restarts).toEqual([null]);
  });

  it('logs out, or stays when the hub could not be told', async () => {
    const { session, hub, restarts } = await begun(wall);
    hub.answer = null;
    await expect(session.logOut()).rejects.toThrow('refused');
    expect([session.standing.value.kind, restarts]).toEqual(['in', []]);
    hub.answer = wall;
    const out = session.logOut();
    hub.answer = nobody;
    await session.check();
    await out;
    expect(restarts).toEqual(['loggedOut']);
  });
});
