import type { Position } from '../../pipeline/event.ts';
import type { Outlet, SubscriberStatus, SubscribeRequest } from '../../pipeline/subscriptions.ts';

/** Who subscribes. */
export interface Origin {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly request: SubscribeRequest;
  readonly outlet: Outlet;
}

/** The subscriber that stands at `position`, while live ones have been given everything up to `published`. */
export function statusOf(
  { id, startedAt, request, outlet }: Origin,
  state: SubscriberStatus['state'],
  position: Position,
  published: Position,
): SubscriberStatus {
  return {
    id,
    channel: outlet.format,
    remoteAddress: outlet.remoteAddress,
    since: new Date(startedAt).toISOString(),
    state,
    position,
    lag: Math.max(0, Math.min(request.until ?? Infinity, published) - position),
    heldBytes: outlet.heldBytes,
    filter: request.asked ?? {},
  };
}
