import { expect, onTestFinished, vi } from 'vitest';
import { subscribe } from '../../src/client/subscriber.ts';
import type { SubscribeOptions, Subscription, SubscriptionStatus } from '../../src/client/subscription.ts';
import { fakeNetwork, type FakeNetwork } from './fake-socket.ts';

export const hello = { type: 'hello', epoch: 'e1', head: 9, first: 1, after: 9, version: '1' };

/** A subscription in fake time on a network without a wire, and what it has told so far. */
export interface SubscriptionProbe extends FakeNetwork {
  readonly subscription: Subscription;
  readonly statuses: readonly SubscriptionStatus[];
  readonly received: readonly number[];
  /** Plays the hub up to the hello of the subscription. */
  greet(after: number): void;
}

/** Closes the subscription after the test, and fails the test when a timer is left. */
export function probeSubscription(options: Partial<SubscribeOptions> = {}): SubscriptionProbe {
  vi.useFakeTimers({ now: Date.UTC(2025, 5, 1) });
  const network = fakeNetwork();
  const statuses: SubscriptionStatus[] = [];
  const received: number[] = [];
  const subscription = subscribe({
    url: 'ws://hub/ws',
    WebSocket: network.WebSocket,
    onEvents: (events) => received.push(...events.map(({ position }) => position)),
    onStatus: (status) => statuses.push(status),
    ...options,
  });
  onTestFinished(() => {
    subscription.close();
    const timersLeft = vi.getTimerCount();
    vi.useRealTimers();
    vi.restoreAllMocks();
    expect(timersLeft).toBe(0);
  });
  const greet = (after: number): void => {
    network.last().fire('open');
    network.last().receive(hello, { ...hello, after });
  };
  return { ...network, subscription, statuses, received, greet };
}
