import type { HttpResponse } from 'uWebSockets.js';

/** Answers with a head and as much of the body as the connection takes now; the rest follows as it takes more.
 *  uWebSockets.js gets no copy of what waits, as it does with `end`. Whether all of it has gone; if not, `taken` is called
 *  when it has, and never when the connection breaks before. */
export function endAsTaken(
  response: HttpResponse,
  writeHead: () => void,
  body: Uint8Array,
  taken: () => void,
): boolean {
  const first = { isTaken: false };
  response.cork(() => {
    writeHead();
    [, first.isTaken] = response.tryEnd(body, body.length);
    if (first.isTaken) return;
    response.onWritable((offset) => {
      const [isWritten, isTaken] = response.tryEnd(body.subarray(offset), body.length);
      if (isTaken) taken();
      return isWritten;
    });
  });
  return first.isTaken;
}
