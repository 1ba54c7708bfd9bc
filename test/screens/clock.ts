const realNow = Date.now.bind(Date);

/** When every picture is taken: the same moment each time, so that pictures differ only where the page does. */
export const takenAt = Date.parse('2026-03-17T09:42:00Z');

let shiftMs = 0;

/** Makes it `at` in this process, hub and all; from there time goes on as usual. */
export function setClock(at: number): void {
  shiftMs = at - realNow();
  Date.now = () => realNow() + shiftMs;
}

/** For a page, before its own scripts: its clock shows what the hub's shows. */
export function pageClock(): string {
  return `{
    const shiftMs = ${String(shiftMs)};
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...parts) {
        if (parts.length === 0) super(RealDate.now() + shiftMs);
        else super(...parts);
      }
      static now() {
        return RealDate.now() + shiftMs;
      }
    };
  }`;
}
