import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from './hub-http.ts';

export interface MadeToken {
  readonly id: string;
  readonly token: string;
}

export function bearer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** The token of this machine's commands, of the hub that runs on the directory. */
export async function localToken(dataDir: string): Promise<string> {
  const run = JSON.parse(await readFile(join(dataDir, 'run.json'), 'utf8')) as { token: string };
  return run.token;
}

/** Has the hub of that directory make a token; `request` is as `POST /api/tokens` takes it. */
export async function makeToken(http: string, dataDir: string, request: object): Promise<MadeToken> {
  const { status, body } = await ask(`${http}/api/tokens`, {
    method: 'POST',
    headers: { ...bearer(await localToken(dataDir)), 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  });
  if (status !== 201) throw new Error(`${String(status)} ${JSON.stringify(body)}`);
  return body as MadeToken;
}
