import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { listenForTest } from './listening.ts';
import type { Certificate } from './smtp-certificate.ts';

export type Step = 'greeting' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'dot';

export interface SmtpScript {
  /** What to do at a step instead of answering as usual: a reply, no answer at all (`hang`), one without an end
   *  (`endless`), or the end of the connection (`close`). At `TLS`: instead of the handshake that follows STARTTLS. */
  answers: Partial<Record<Step | 'TLS', string | ((command: string) => string)>>;
  /** With one, STARTTLS is offered. */
  readonly certificate?: Certificate;
  /** TLS with it from the start instead. */
  readonly isTls?: boolean;
}

export interface ScriptedSmtp {
  readonly port: number;
  readonly script: SmtpScript;
  /** Everything received outside TLS. */
  clear(): string;
  /** Mails with an end, whatever was answered to it. */
  readonly mails: string[];
  readonly commands: string[];
}

const usual: Record<Step, string> = {
  greeting: '220 test',
  EHLO: '250 AUTH PLAIN',
  STARTTLS: '220 go on',
  AUTH: '235 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  dot: '250 queued as 1',
};

/** A mail server that answers each step as the script says, which a test may change in between. Ends with the test. */
export async function startScriptedSmtp(script: SmtpScript): Promise<ScriptedSmtp> {
  const mails: string[] = [];
  const commands: string[] = [];
  let clear = '';
  const server = createServer((socket) => {
    const session = new Session(script, mails, commands, (text) => (clear += text));
    session.attach(script.isTls === true ? secured(socket, script) : socket, script.isTls === true);
    session.answer('greeting');
  });
  return { port: await listenForTest(server), script, clear: () => clear, mails, commands };
}

class Session {
  #socket!: Socket;
  #buffer = '';
  #isMail = false;
  readonly #script: SmtpScript;
  readonly #mails: string[];
  readonly #commands: string[];
  readonly #addClear: (text: string) => void;

  constructor(script: SmtpScript, mails: string[], commands: string[], addClear: (text: string) => void) {
    this.#script = script;
    this.#mails = mails;
    this.#commands = commands;
    this.#addClear = addClear;
  }

  attach(socket: Socket, isTls: boolean): void {
    this.#socket = socket;
    this.#buffer = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      if (!isTls) this.#addClear(text);
      this.#buffer += text;
      this.#read();
    });
  }

  answer(step: Step, command = ''): void {
    const scripted = this.#script.answers[step] ?? (step === 'EHLO' ? this.#offers() : usual[step]);
    const answer = typeof scripted === 'string' ? scripted : scripted(command);
    if (!this.#say(answer)) return;
    if (step === 'STARTTLS' && answer.startsWith('220')) this.#secure();
    if (step === 'DATA' && answer.startsWith('354')) this.#isMail = true;
  }

  /** Whether it was said. */
  #say(answer: string): boolean {
    if (answer === 'close') this.#socket.destroy();
    if (answer === 'endless') this.#talk();
    if (['close', 'hang', 'endless'].includes(answer)) return false;
    this.#socket.write(`${answer}\r\n`);
    return true;
  }

  #talk(): void {
    const socket = this.#socket;
    const talking = setInterval(() => socket.write('250-and\r\n'), 20);
    socket.once('close', () => {
      clearInterval(talking);
    });
  }

  #offers(): string {
    const isOffered = this.#script.certificate !== undefined && !(this.#socket instanceof TLSSocket);
    return isOffered ? `250-STARTTLS\r\n${usual.EHLO}` : usual.EHLO;
  }

  #secure(): void {
    const plain = this.#socket;
    plain.removeAllListeners('data');
    const { answers, certificate } = this.#script;
    if (typeof answers.TLS === 'string') this.#say(answers.TLS);
    else if (certificate !== undefined) this.attach(secured(plain, this.#script), true);
  }

  #read(): void {
    for (;;) {
      const end = this.#isMail ? '\r\n.\r\n' : '\r\n';
      const at = this.#buffer.indexOf(end);
      if (at < 0) return;
      const text = this.#buffer.slice(0, at);
      this.#buffer = this.#buffer.slice(at + end.length);
      if (this.#isMail) {
        this.#isMail = false;
        this.#mails.push(text);
        this.answer('dot');
      } else {
        this.#obey(text);
      }
    }
  }

  #obey(line: string): void {
    this.#commands.push(line);
    const verb = (/^[A-Z]+/i.exec(line)?.[0] ?? '').toUpperCase();
    if (verb in usual) this.answer(verb as Step, line);
    else this.#socket.write('502 what\r\n');
  }
}

function secured(socket: Socket, { certificate }: SmtpScript): TLSSocket {
  return new TLSSocket(socket, { isServer: true, ...certificate });
}
