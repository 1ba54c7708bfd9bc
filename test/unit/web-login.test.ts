import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HubError } from '../../src/client/hub-error.ts';
import { Login } from '../../web/state/login.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

function makeLogin(answer: () => Promise<unknown>) {
  const tokens: string[] = [];
  let entered = 0;
  const login = new Login({
    api: {
      logIn: (token) => {
        tokens.push(token);
        return answer();
      },
    },
    enter: () => (entered += 1),
  });
  return { login, tokens, entered: () => entered };
}

describe('Login', () => {
  it('enters with a token, without what was pasted around it', async () => {
    const { login, tokens, entered } = makeLogin(async () => ({}));
    expect(await login.submit(' hub_1 \n')).toBe(true);
    expect([tokens, entered(), login.failure.value]).toEqual([['hub_1'], 1, null]);
  });

  it.each([
    [new HubError('unauthorized', 'token: is not valid'), { kind: 'wrong' }],
    [new HubError('too_large', 'body: must be at most 4096 bytes'), { kind: 'wrong' }],
    [new HubError('forbidden', 'an ingest token sends events, and may not read them'), { kind: 'ingest' }],
    [new HubError('forbidden', 'Origin: must be'), { kind: 'other', code: 'forbidden', message: 'Origin: must be' }],
    [new HubError('rate_limited', 'too many', 42_000), { kind: 'limited', retryAt: 1_042_000 }],
    [new HubError('unreachable', 'refused'), { kind: 'unreachable' }],
  ])('says why not: %s', async (error, failure) => {
    const { login, entered } = makeLogin(() => Promise.reject(error));
    expect(await login.submit('hub_1')).toBe(false);
    expect([login.failure.value, login.isBusy.value, entered()]).toEqual([failure, false, 0]);
  });

  it('asks nothing for no token, nor while it is asking', async () => {
    const { login, tokens } = makeLogin(() => new Promise(() => undefined));
    expect(await login.submit('  ')).toBe(false);
    void login.submit('hub_1');
    expect(await login.submit('hub_2')).toBe(false);
    expect([tokens, login.isBusy.value]).toEqual([['hub_1'], true]);
  });
});
