import { createServer, type AddressInfo, type Socket } from 'node:net';
import { positionedVerdict } from './verdict.ts';

const newline = 0x0a;
const idField = Buffer.from('"id":"');
const idLength = 36;

/** A bare server that answers each line as the hub would and does nothing else: it shows that the load is faster than
 *  the hub. Resolves once its port is open; it ends with its process. */
export function run(): Promise<{ readonly port: number }> {
  let position = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    answerLines(socket, () => (position += 1));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ port: (server.address() as AddressInfo).port });
    });
  });
}

function answerLines(socket: Socket, nextPosition: () => number): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let answers = '';
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      answers += `${positionedVerdict(idIn(bytes.subarray(start, end)), nextPosition())}\n`;
      start = end + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
    if (answers !== '') socket.write(answers);
  });
  socket.on('end', () => socket.end());
}

function idIn(line: Buffer): string {
  const at = line.indexOf(idField);
  return at < 0 ? 'none' : line.toString('latin1', at + idField.length, at + idField.length + idLength);
}
