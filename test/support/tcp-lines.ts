import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends drafts over TCP, one a line, and resolves with the hub's verdicts, in order. */
export async function sendOverTcp(
  { tcpHost, tcpPort }: { readonly tcpHost: string; readonly tcpPort: number },
  drafts: readonly object[],
): Promise<readonly { readonly ok: boolean }[]> {
  const socket = connect(tcpPort, tcpHost);
  await once(socket, 'connect');
  socket.end(drafts.map((draft) => `${JSON.stringify(draft)}\n`).join(''));
  const answer = await text(socket);
  return answer
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { ok: boolean });
}
