import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Spoken } from '../../web/state/spoken.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('says the first at once and, of what follows within seconds, the last', () => {
  const spoken = new Spoken();
  spoken.say('1 critical');
  vi.advanceTimersByTime(0);
  expect(spoken.text.value).toBe('1 critical');
  for (const text of ['2 critical', '3 critical', '4 critical']) {
    spoken.say(text);
    vi.advanceTimersByTime(1_000);
  }
  expect(spoken.text.value).toBe('1 critical');
  vi.advanceTimersByTime(6_000);
  expect(spoken.text.value).toBe('4 critical');
});
