import { ask } from './hub-http.ts';
import type { HubProcess } from './hub.ts';
import { connectTcp, type Answer } from './tcp-producer.ts';
import { connectWs } from './ws-client.ts';

/** `ok`, `duplicate`, or the code of the refusal. */
export type Verdict = string;

type Deliver = (hub: HubProcess, draft: string) => Promise<Verdict>;

/** Every way in that takes the text of a draft, each on a connection of its own. */
export const channels = {
  tcp: async (hub, draft) => {
    const producer = await connectTcp(`${hub.tcpHost}:${hub.tcpPort}`);
    producer.send(`${draft}\n`);
    const [answer] = await producer.answered(1);
    return verdictOf(answer);
  },
  http: async (hub, draft) => verdictOf(await postText(hub, draft, 'application/json')),
  batch: async (hub, draft) => inBatch(await postText(hub, `[${draft}]`, 'application/json')),
  ndjson: async (hub, draft) => inBatch(await postText(hub, `${draft}\n`, 'application/x-ndjson')),
  ws: async (hub, draft) => publish(hub, draft),
  'ws publish': async (hub, draft) => publish(hub, `{"type":"publish","ref":"r","event":${draft}}`),
} as const satisfies Record<string, Deliver>;

export type Channel = keyof typeof channels;

async function publish(hub: HubProcess, frame: string): Promise<Verdict> {
  const client = await connectWs(hub.http, '?subscribe=0');
  client.send(frame);
  const answer = await client.frame(({ type }) => type === 'ack' || type === 'error');
  return answer.type === 'error' ? verdictOf({ ok: false, ...answer }) : inBatch(answer);
}

async function postText(hub: HubProcess, body: string, type: string): Promise<object> {
  const answer = await ask(`${hub.http}/api/events`, { method: 'POST', headers: { 'Content-Type': type }, body });
  return answer.body as object;
}

/** The verdict about the one draft of a batch, or about the batch when it has none. */
function inBatch(answer: object): Verdict {
  const { results } = answer as { readonly results?: readonly Answer[] };
  return verdictOf(results?.[0] ?? answer);
}

function verdictOf(answer: object | undefined): Verdict {
  const { ok, code, duplicate } = (answer ?? {}) as Partial<Answer>;
  if (ok === true) return duplicate === true ? 'duplicate' : 'ok';
  return code ?? JSON.stringify(answer);
}
