import type { Access, AccessChannel, AccessFailure, Principal } from '../pipeline/access.ts';
import type { AccessDecision } from '../pipeline/access-decision.ts';
import type { SessionDesk, TokenDesk } from '../pipeline/access-desks.ts';
import { AccessFailures } from './access-failures.ts';
import { Pass } from './pass.ts';
import { hashOf, isSameHash, newSecret } from './secret.ts';
import { createSessionDesk } from './session-desk.ts';
import { Sessions } from './sessions.ts';
import { createTokenDesk } from './token-desk.ts';
import { Tokens } from './tokens.ts';

export interface HubAccessOptions {
  readonly dataDir: string;
  readonly clock: () => number;
  /** Puts into the log what has changed, and resolves when it is there or will be as soon as the log takes it. */
  readonly record: (decision: AccessDecision) => Promise<void>;
  readonly reportFailure: (error: unknown) => void;
  /** Into the hub's own log. */
  readonly warn: (message: string) => void;
}

/** How often it is looked whether something that is open has run out. */
const lookMs = 500;

/** Who is let in. Everyone, until the first token is made; from then on whoever shows a token that is in force, or a login
 *  made with one. What is open by a token that is revoked, replaced or runs out is told so at once, or within a second. */
export class HubAccess implements Access {
  /** The token of this machine's own commands, for as long as this hub runs. It is in no file of ours. */
  readonly localToken = `hub_local_${newSecret()}`;
  readonly tokens: TokenDesk;
  readonly sessions: SessionDesk;
  readonly #local = new Pass({ name: 'this machine', role: 'admin' });
  readonly #localHash = hashOf(this.localToken);
  readonly #everyone = new Pass({ name: 'anonymous', role: 'admin' });
  readonly #passes = new Map<string, Pass>();
  readonly #failures: AccessFailures;
  readonly #tokens: Tokens;
  readonly #sessions: Sessions;
  readonly #options: HubAccessOptions;
  readonly #timer: NodeJS.Timeout;

  /** Rejects, with a message for people, when a file of the data directory that says who is let in is damaged. */
  static open(options: HubAccessOptions): Promise<HubAccess> {
    return new Promise((resolve) => {
      resolve(new HubAccess(options));
    });
  }

  private constructor(options: HubAccessOptions) {
    this.#options = options;
    const { dataDir, clock, reportFailure } = options;
    this.#failures = new AccessFailures(options);
    this.#tokens = new Tokens(dataDir, clock);
    this.#sessions = new Sessions({
      dataDir,
      clock,
      reportFailure,
      tokenInForce: (id) => this.#tokens.inForce(id),
    });
    const changed = (decision: AccessDecision) => {
      this.#endWhatIsOver();
      return options.record(decision);
    };
    this.tokens = createTokenDesk(this.#tokens, changed);
    this.sessions = createSessionDesk({
      tokens: this.#tokens,
      sessions: this.#sessions,
      passOf: (id) => this.#sessionPass(id),
      changed,
    });
    this.#timer = setInterval(() => {
      this.#endWhatIsOver();
    }, lookMs).unref();
  }

  get anonymous(): Principal | null {
    return this.#tokens.areMade ? null : this.#everyone;
  }

  authenticate(secret: string): Principal | null {
    const isLocal = isSameHash(hashOf(secret), this.#localHash);
    const token = this.#tokens.find(secret);
    if (isLocal) return this.#local;
    return token === null ? null : this.#tokenPass(token.id);
  }

  failed(failure: AccessFailure): void {
    this.#failures.add(failure);
  }

  /** How many were refused since the start. */
  get failures(): ReadonlyMap<AccessChannel, number> {
    return this.#failures.counts;
  }

  /** Makes an admin's token of a secret that was chosen elsewhere, in place of the one of the last time. */
  async give(secret: string): Promise<void> {
    const given = await this.#tokens.give(secret);
    if (given === null) return;
    const { made, replaced } = given;
    const by = 'the settings';
    this.#endWhatIsOver();
    const { id, name, role, sources, expires } = made;
    if (replaced !== null) {
      await this.#options.record({ type: 'token.revoked', id: replaced.id, by, reason: `${name} has another value` });
    }
    const reason = `${name} is set`;
    await this.#options.record({ type: 'token.created', id, name, role, sources, expires, by, reason });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sessions.close();
    await this.#tokens.close();
  }

  #tokenPass(id: string): Pass | null {
    const token = this.#tokens.inForce(id);
    if (token === undefined) return null;
    const end = () => endOf(this.#tokens.inForce(id));
    return this.#pass(`token ${id}`, () => new Pass({ ...token, token: id, end }));
  }

  #sessionPass(id: string): Pass | null {
    const session = this.#sessions.inForce(id);
    if (session === undefined) return null;
    const { token } = session;
    const end = () => this.#sessions.inForce(id)?.expires;
    return this.#pass(`session ${id}`, () => new Pass({ ...token, token: token.id, end }));
  }

  #pass(key: string, make: () => Pass): Pass {
    const pass = this.#passes.get(key) ?? make();
    this.#passes.set(key, pass);
    return pass;
  }

  #endWhatIsOver(): void {
    if (this.#tokens.areMade) this.#everyone.end();
    const now = this.#options.clock();
    for (const [key, pass] of this.#passes) {
      if (!pass.isOver(now)) continue;
      this.#passes.delete(key);
      pass.end();
    }
  }
}

function endOf(token: { readonly expires: string | null } | undefined): number | undefined {
  if (token === undefined) return undefined;
  return token.expires === null ? Infinity : Date.parse(token.expires);
}
