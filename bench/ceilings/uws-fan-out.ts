import uWS from 'uWebSockets.js';

interface Client {
  readonly isSubscriber: boolean;
}

const topic = 'all';
const maxBackpressure = 16 * 1024 * 1024;

/** A bare uWebSockets.js server that publishes each draft it is sent to everyone, in a frame as the hub's, and answers as the
 *  hub would, but keeps nothing. Resolves once its port is open; it ends with its process. */
export function run(): Promise<{ readonly port: number }> {
  let position = 0;
  const app = uWS.App();
  app.ws<Client>('/ws', {
    maxBackpressure,
    upgrade: (response, request, context) => {
      const isSubscriber = request.getQuery('subscribe') !== '0';
      const [key, protocol, extensions] = ['key', 'protocol', 'extensions'].map((name) =>
        request.getHeader(`sec-websocket-${name}`),
      );
      response.upgrade<Client>({ isSubscriber }, key ?? '', protocol ?? '', extensions ?? '', context);
    },
    open: (socket) => {
      if (!socket.getUserData().isSubscriber) return;
      socket.subscribe(topic);
      socket.send(`{"type":"caught_up","position":${String(position)}}`);
    },
    message: (socket, message) => {
      const draft = JSON.parse(Buffer.from(message).toString('utf8')) as Draft;
      position += 1;
      const id = draft.id ?? idMade;
      app.publish(topic, `{"type":"events","events":[${recordOf(draft, id, position)}]}`);
      socket.send(JSON.stringify({ type: 'ack', results: [{ ok: true, id, position }] }));
    },
  });
  return new Promise((resolve, reject) => {
    app.listen('127.0.0.1', 0, (socket) => {
      if (socket === false) reject(new Error('the bare server has no port'));
      else resolve({ port: uWS.us_socket_local_port(socket) });
    });
  });
}

interface Draft {
  readonly id?: string;
  readonly time?: string;
  readonly source: string;
  readonly severity: string;
  readonly message: string;
  readonly key?: string;
  readonly labels?: unknown;
  readonly data?: unknown;
}

/** As long as those that the hub makes. */
const idMade = '00000000-0000-7000-8000-000000000000';

/** The same fields, in the same order, as the hub's record. */
function recordOf(draft: Draft, id: string, position: number): string {
  const receivedAt = new Date().toISOString();
  const { time = receivedAt, source, severity, message, key = source, labels, data } = draft;
  const start = { position, type: 'event', id, time, receivedAt, source, severity, message };
  return JSON.stringify({ ...start, channel: 'ws', key, status: 'firing', labels, data });
}
