import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CaughtMail } from './caught-mail.ts';
import { framedHtml, listPage, mailPage, style } from './pages.ts';

/** Ours: no script, nothing from elsewhere. */
const pagePolicy =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A mail's: it may be anything, so it gets no script, no form, no network, and an origin of its own. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly policy: string;
  readonly body: string;
}

/** The page on which caught mails can be read, on loopback. */
export class MailServer {
  readonly #server: Server;

  private constructor(mails: () => readonly CaughtMail[]) {
    this.#server = createServer((request, response) => {
      const { status, type, policy, body } = this.#isForUs(request) ? answer(request, mails()) : notFound;
      response.writeHead(status, {
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Security-Policy': policy,
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cache-Control': 'no-store',
      });
      response.end(body);
    });
  }

  /** Opens `port`, or a free one for 0. */
  static async open(port: number, mails: () => readonly CaughtMail[]): Promise<MailServer> {
    const server = new MailServer(mails);
    server.#server.listen(port, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Under another name it is a page of someone else's that has its name point here. */
  #isForUs({ method, headers }: IncomingMessage): boolean {
    const hosts = ['127.0.0.1', 'localhost'].map((host) => `${host}:${String(this.#port)}`);
    return method === 'GET' && hosts.includes(headers.host ?? '');
  }
}

function answer({ url = '/' }: IncomingMessage, mails: readonly CaughtMail[]): Answer {
  if (url === '/') return page(listPage(mails));
  if (url === '/style.css') return { ...page(style), type: 'text/css' };
  const [, id, part] = /^\/mails\/(\d{1,9})(?:\/(html|source))?$/.exec(url) ?? [];
  const mail = mails.find((each) => String(each.id) === id);
  if (mail === undefined) return notFound;
  if (part === 'source') return { ...page(mail.source), type: 'text/plain' };
  if (part !== 'html') return page(mailPage(mail));
  return mail.html === null ? notFound : { ...page(framedHtml(mail.html)), policy: mailPolicy };
}

function page(body: string): Answer {
  return { status: 200, type: 'text/html', policy: pagePolicy, body };
}

const notFound: Answer = { status: 404, type: 'text/plain', policy: pagePolicy, body: 'no such page\n' };
