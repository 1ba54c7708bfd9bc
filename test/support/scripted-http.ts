import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenForTest } from './listening.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface ScriptedHttp {
  readonly url: string;
  /** The path and query of every request, in order. */
  readonly requests: readonly string[];
}

/** An HTTP peer that answers each request with the next of `answers`, closed when the test has finished. A request too
 *  many is answered 404. */
export async function scriptHttp(...answers: readonly Answer[]): Promise<ScriptedHttp> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const answer = answers[requests.push(request.url ?? '') - 1];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  const port = await listenForTest(server);
  return { url: `http://127.0.0.1:${port}`, requests };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}
