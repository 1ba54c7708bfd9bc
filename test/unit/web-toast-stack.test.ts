import { describe, expect, it } from 'vitest';
import type { RecordedEvent, Severity } from '../../src/pipeline/event.ts';
import { ToastStack } from '../../web/state/toast-stack.ts';
import { anEvent } from '../support/fake-socket.ts';

const about = (key: string, severity: Severity, position = 1): RecordedEvent =>
  anEvent(position, { key, source: key, severity });

function stackOf(...events: readonly RecordedEvent[]): ToastStack {
  const stack = new ToastStack();
  for (const event of events) stack.add(event, false, 0);
  return stack;
}

const shownBy = (stack: ToastStack) =>
  stack.toasts.map(({ severity, count, sources, isGroup }) => [severity, count, sources, isGroup]);

describe('ToastStack', () => {
  it('tells of errors and criticals alone', () => {
    expect(stackOf(about('a', 'info'), about('b', 'warning')).isEmpty).toBe(true);
    expect(shownBy(stackOf(about('a', 'error'), about('b', 'critical')))).toEqual([
      ['error', 1, 1, false],
      ['critical', 1, 1, false],
    ]);
  });

  it('counts what comes again about the same, and tells the last of it', () => {
    const stack = stackOf(about('a', 'error', 1), about('a', 'error', 2));
    expect(stack.toasts).toMatchObject([{ count: 2, position: 2, isGroup: false }]);
  });

  it('folds the commoner severity when a fourth comes, so that there are never more than three', () => {
    const stack = stackOf(about('a', 'error'), about('b', 'error'), about('c', 'critical'), about('d', 'critical'));
    expect(shownBy(stack)).toEqual([
      ['error', 2, 2, true],
      ['critical', 1, 1, false],
      ['critical', 1, 1, false],
    ]);
  });

  it('becomes one group a severity under a flood', () => {
    const keys = Array.from({ length: 500 }, (_, index) => `key ${String(index)}`);
    const stack = stackOf(...keys.flatMap((key) => [about(key, 'critical'), about(key, 'error')]));
    expect(shownBy(stack)).toEqual([
      ['critical', 500, 99, true],
      ['error', 500, 99, true],
    ]);
  });

  it('lets errors leave after some seconds and keeps criticals, but neither while it is held', () => {
    const stack = stackOf(about('a', 'error'), about('b', 'critical'));
    stack.expire(60_000, true);
    expect(stack.toasts).toHaveLength(2);
    stack.expire(62_000, false);
    expect(stack.toasts).toHaveLength(2);
    stack.expire(63_000, false);
    expect(stack.toasts).toMatchObject([{ severity: 'critical' }]);
    stack.expire(600_000, false);
    expect(stack.isEmpty).toBe(true);
  });

  it('keeps what the list does not show when the rest has been seen', () => {
    const stack = stackOf(about('a', 'critical'));
    stack.add(about('b', 'critical'), true, 0);
    stack.dropSeen();
    expect(stack.toasts).toMatchObject([{ source: 'b' }]);
  });
});
