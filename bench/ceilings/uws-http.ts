import uWS, { type HttpResponse } from 'uWebSockets.js';
import { positionedVerdict } from './verdict.ts';

/** A bare uWebSockets.js server that parses what is posted and answers as the hub would, but keeps nothing. Resolves once
 *  its port is open; it ends with its process. */
export function run(): Promise<{ readonly port: number }> {
  let position = 0;
  const answerTo = (json: string) => {
    const draft = JSON.parse(json) as { id?: string };
    position += 1;
    return positionedVerdict(draft.id ?? 'none', position);
  };
  const app = uWS.App();
  app.post('/api/events', (response, request) => {
    const isOne = request.getHeader('content-type') === 'application/json';
    response.onAborted(() => undefined);
    readBody(response, (body) => {
      response.cork(() => {
        response.writeStatus(isOne ? '201 Created' : '200 OK').writeHeader('Content-Type', 'application/json');
        response.end(isOne ? answerTo(body) : answerToMany(body, answerTo));
      });
    });
  });
  return new Promise((resolve, reject) => {
    app.listen('127.0.0.1', 0, (socket) => {
      if (socket === false) reject(new Error('the bare server has no port'));
      else resolve({ port: uWS.us_socket_local_port(socket) });
    });
  });
}

function answerToMany(body: string, answerTo: (json: string) => string): string {
  const results = body.trimEnd().split('\n').map(answerTo);
  return `{"ok":true,"accepted":${String(results.length)},"rejected":0,"results":[${results.join(',')}]}`;
}

function readBody(response: HttpResponse, received: (body: string) => void): void {
  const chunks: Buffer[] = [];
  response.onData((chunk, isLast) => {
    // A copy: the chunk is gone when this returns.
    chunks.push(Buffer.concat([Buffer.from(chunk)]));
    if (isLast) received(Buffer.concat(chunks).toString('utf8'));
  });
}
