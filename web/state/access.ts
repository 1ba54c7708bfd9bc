import { signal } from '@preact/signals';
import { onUnauthorized } from '../api/hub-api.ts';
import { sessionApi } from '../api/session-api.ts';
import { Login } from './login.ts';
import { farewells, Session, type Farewell } from './session.ts';
import { Sessions } from './sessions.ts';

/** Who may look at the page, made once. */

const api = sessionApi(document.baseURI);

/** Why the page was loaded again, if it was because nobody is logged in any more. */
export const farewell = farewellOf(history.state);

export const session = new Session({ api, restart });
export const login = new Login({ api, enter: () => restart(null) });
export const sessions = new Sessions(api);

/** Whether the page about one's login is open. */
export const isAccountOpen = signal(false);

onUnauthorized(() => void session.check());

/** The reason goes along in the browser's history, beside the address, which keeps the search. */
function restart(why: Farewell | null): void {
  history.replaceState(why === null ? null : { farewell: why }, '');
  location.reload();
}

function farewellOf(state: unknown): Farewell | null {
  const why = typeof state === 'object' && state !== null && 'farewell' in state ? state.farewell : null;
  return farewells.find((each) => each === why) ?? null;
}
