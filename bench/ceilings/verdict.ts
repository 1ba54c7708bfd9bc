/** What the hub answers to a draft that it has recorded. */
export function positionedVerdict(id: string, position: number): string {
  return `{"ok":true,"id":"${id}","position":${String(position)}}`;
}
