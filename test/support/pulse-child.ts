import WebSocket from 'ws';

/** Pings the hub at this URL for as long as it runs, in a process of its own so that nothing else holds it up. uWebSockets.js
 *  answers a ping in the hub's event loop, so that no answer comes while that is busy. Prints a
 *  line when the first is answered and, told anything on standard input, the milliseconds of all pings since the last time. */
const socket = new WebSocket(`${process.argv[2] ?? ''}?subscribe=0`);
/** As often as a client may without being one of too many (`limits.framesPerSecond`). */
const everyMs = 25;
let times: number[] = [];

socket.on('pong', (sentAt) => {
  times.push(performance.now() - Number(sentAt.toString()));
  setTimeout(ping, everyMs);
});
socket.once('open', ping);
socket.once('pong', () => process.stdout.write('ready\n'));
socket.once('close', () => process.exit(1));
process.stdin.on('data', () => {
  process.stdout.write(`${JSON.stringify(times)}\n`);
  times = [];
});
process.stdin.once('end', () => process.exit(0));

function ping(): void {
  if (socket.readyState === WebSocket.OPEN) socket.ping(String(performance.now()));
}
