import { once } from 'node:events';
import { createServer } from 'node:net';
import type { JsonObject } from '../../src/pipeline/event.ts';
import { createHttpSource } from '../../src/sources/http.ts';
import { tcpDefinition } from '../../src/sources/tcp.ts';
import { createWsSource } from '../../src/sources/ws.ts';
import { someLimits } from '../support/limits.ts';
import { openAccess } from '../support/principals.ts';
import { sourceContract, type Producer } from '../support/source-contract.ts';
import { connectTcp } from '../support/tcp-producer.ts';

interface Verdict {
  readonly position?: number;
  readonly code?: string;
}
const shown = ({ position, code }: Verdict) => position ?? code;

sourceContract(
  'tcp',
  (backlog) => {
    const means = { backlog, limits: someLimits(), access: openAccess };
    const source = tcpDefinition.create({ host: '127.0.0.1', port: 0 }, means);
    return {
      source,
      connect: async (): Promise<Producer> => {
        const producer = await connectTcp(await source.listening());
        return {
          send: (draft) => producer.send(draft),
          get answers() {
            return producer.answers.map(shown);
          },
          break: () => producer.socket.resetAndDestroy(),
        };
      },
      afterwards: async () => {
        const server = createServer().listen(Number((await source.listening()).split(':')[1]), '127.0.0.1');
        await once(server, 'listening');
        server.close();
        return 'free';
      },
    };
  },
  'free',
);

sourceContract(
  'http',
  (backlog) => {
    const source = createHttpSource(backlog);
    const post = async (draft: object) => {
      const { body } = await source.post(Buffer.from(JSON.stringify(draft)));
      return shown(JSON.parse(body) as Verdict);
    };
    return {
      source,
      connect: async (): Promise<Producer> => {
        // Requests are answered one by one; the answers stand in the order of the requests.
        const answers: unknown[] = [];
        let last: Promise<unknown> = Promise.resolve();
        return {
          send: (draft) => {
            const [before, answer] = [last, post(draft)];
            last = before.then(async () => answers.push(await answer));
          },
          answers,
          break: () => undefined,
        };
      },
      afterwards: () => post({ message: 'm' }),
    };
  },
  'unavailable',
);

sourceContract(
  'ws',
  (backlog) => {
    const source = createWsSource(backlog);
    const connect = (): Producer => {
      const answers: unknown[] = [];
      const producer = source.connect((frames) => {
        const acks = frames.map((frame) => JSON.parse(frame) as { results: Verdict[] });
        answers.push(...acks.flatMap(({ results }) => results.map(shown)));
      });
      return {
        send: (draft) => producer.publish([JSON.parse(JSON.stringify(draft)) as JsonObject], undefined, ''),
        answers,
        break: () => undefined,
      };
    };
    return {
      source,
      connect: async () => connect(),
      afterwards: async () => {
        const producer = connect();
        producer.send({ message: 'm' });
        await new Promise(setImmediate);
        return producer.answers[0];
      },
    };
  },
  'unavailable',
);
