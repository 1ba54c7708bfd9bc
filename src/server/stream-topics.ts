import type { Outlet } from '../pipeline/subscriptions.ts';

/** What uWebSockets.js does for WebSockets, for the answers that stream over HTTP. */
export class StreamTopics {
  readonly #members = new Map<string, Set<Outlet>>();

  join(topic: string, outlet: Outlet): void {
    const members = this.#members.get(topic);
    if (members === undefined) this.#members.set(topic, new Set([outlet]));
    else members.add(outlet);
  }

  leave(topic: string, outlet: Outlet): void {
    const members = this.#members.get(topic);
    members?.delete(outlet);
    if (members?.size === 0) this.#members.delete(topic);
  }

  publish(topic: string, frame: string): void {
    for (const outlet of this.#members.get(topic) ?? []) outlet.send(frame);
  }
}
