import { session } from '../state/access.ts';
import { App } from './app.tsx';
import { LoginPage } from './login-page.tsx';

/** The login, or what it opens; nothing in the moment before it is known which. */
export function Root() {
  const { kind } = session.standing.value;
  if (kind === 'asking') return null;
  return kind === 'out' ? <LoginPage /> : <App />;
}
