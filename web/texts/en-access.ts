import type { Role } from '../../src/pipeline/access.ts';
import type { Farewell } from '../state/session.ts';

/** What the login and the page about it say, in English. A name in braces is a place for a value. */
export const enAccess = {
  login: {
    token: 'Token',
    submit: 'Log in',
    busy: 'Logging in',
    wait: (seconds: string) => `Wait ${seconds} s`,
    advice: 'No token? An administrator makes one, on the machine of the hub:',
    copy: 'Copy',
    farewell: {
      ended: 'Your login has ended. It was ended by hand, its token is no longer valid, or its time is over.',
      required: 'This hub now asks for a token.',
      loggedOut: 'You are logged out.',
    } satisfies Record<Farewell, string>,
    failure: {
      wrong: 'This token is not valid. It may be incomplete, revoked or expired.',
      ingest: 'This token may only send events. To see them, use one with the role read.',
      limited: (time: string) => `Too many wrong tokens from this address. Wait until ${time}.`,
      unreachable: 'The hub does not answer. Your token was not checked; try again.',
    },
  },
  account: {
    rail: 'Account',
    title: 'Account',
    close: 'Close',
    may: {
      ingest: '{name} sends events and reads none.',
      read: '{name} reads everything and changes nothing.',
      admin: '{name} may do everything.',
    } satisfies Record<Role, string>,
    until: (time: string) => `Logged in until ${time}, if used once a day.`,
    logOut: 'Log out',
    logOutFailed: 'The hub does not answer; you are still logged in.',
    sessions: 'Logged in now',
    name: 'Token',
    role: 'Role',
    since: 'Since',
    seen: 'Last seen',
    address: 'From',
    roles: { ingest: 'ingest', read: 'read', admin: 'admin' } satisfies Record<Role, string>,
    current: 'this one',
    end: 'Log out',
    endOf: (name: string, address: string) => `Log out ${name} from ${address}`,
    failed: {
      list: 'The list could not be loaded. Trying again.',
      end: 'The hub did not log it out. Try again.',
    },
  },
};
