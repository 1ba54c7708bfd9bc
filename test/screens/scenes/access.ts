import type { Page } from 'playwright-core';
import { bearer, type MadeToken } from '../../support/tokens.ts';
import { live } from '../camera.ts';
import { setClock, takenAt } from '../clock.ts';
import { officeBefore, pastUntil } from '../office-day.ts';
import type { Look, Scene, Shot } from '../scene.ts';
import { openStudioHub, type StudioHub } from '../studio-hub.ts';

type Act = NonNullable<Shot['act']>;

const minute = 60_000;
const adminToken = 'this-is-the-token-of-the-studio-hub';
const wrongToken = 'hub_1f3c9a7e_no-such-token';

/** Who is logged in, from how many minutes ago. */
const guests = [
  { name: 'wall screen, north office', role: 'read', since: 1_400 },
  { name: 'marta', role: 'admin', since: 190 },
  { name: 'night shift', role: 'read', since: 12 },
] as const;

/** A hub of the demo's office that asks for a token, with some people logged in. */
async function openGuardedHub(): Promise<StudioHub> {
  const hub = await openStudioHub();
  await pastUntil(takenAt, officeBefore(65), hub);
  await hub.restart({ adminToken });
  for (const { name, role, since } of guests) {
    const { token } = (await post(hub, 'tokens', { name, role }, adminToken)) as MadeToken;
    setClock(takenAt - since * minute);
    await post(hub, 'session', { token });
    setClock(takenAt);
  }
  return hub;
}

async function post({ http }: StudioHub, what: 'tokens' | 'session', body: object, token?: string): Promise<unknown> {
  const response = await fetch(`${http}/api/${what}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token === undefined ? {} : bearer(token)) },
    body: JSON.stringify(body),
  });
  return response.json();
}

const visitor = 'ines';

async function makeVisitor(hub: StudioHub, role: 'read' | 'admin'): Promise<MadeToken> {
  return (await post(hub, 'tokens', { name: visitor, role }, adminToken)) as MadeToken;
}

async function removeVisitors(hub: StudioHub): Promise<void> {
  const response = await fetch(`${hub.http}/api/tokens`, { headers: bearer(adminToken) });
  const tokens = (await response.json()) as readonly { readonly id: string; readonly name: string }[];
  for (const { id, name } of tokens) if (name === visitor) await revoke(hub, id);
}

async function revoke({ http }: StudioHub, id: string): Promise<void> {
  await fetch(`${http}/api/tokens/${id}`, { method: 'DELETE', headers: bearer(adminToken) });
}

async function logIn(page: Page, token: string): Promise<void> {
  await page.locator('#token').fill(token);
  await page.keyboard.press('Enter');
}

/** As somebody of that role, and with nobody who came for an earlier picture. */
const account =
  (role: 'read' | 'admin' = 'admin'): Act =>
  async (page, hub) => {
    await removeVisitors(hub);
    const { token } = await makeVisitor(hub, role);
    await logIn(page, token);
    await live(page);
    await page.locator('.rail .item', { hasText: /Account|Cuenta/ }).click();
    await page.locator(role === 'admin' ? '.account .current' : '.account .who').waitFor();
  };
const login: Act = (page) => page.locator('#token').waitFor();
const refused: Act = async (page) => {
  await logIn(page, wrongToken);
  await page.locator('.login .failure:not([hidden])').waitFor();
};
const limited: Act = async (page, hub) => {
  await login(page, hub);
  for (let failed = 0; failed < 10; failed += 1) await post(hub, 'session', { token: wrongToken });
  await refused(page, hub);
};
const ended: Act = async (page, hub) => {
  const { id, token } = await makeVisitor(hub, 'read');
  await logIn(page, token);
  await live(page);
  await revoke(hub, id);
  await page.locator('#login-farewell:not([hidden])').waitFor();
};
const dark: Partial<Look> = { theme: 'dark' };
const onPhone: Partial<Look> = { on: 'phone' };

export const access: Scene = {
  title: 'Logging in',
  open: openGuardedHub,
  shots: [
    { name: 'login-light', shows: 'The hub asks for a token, and the page says where one comes from.', act: login },
    { name: 'login-dark', shows: 'The same in the dark theme.', look: dark, act: login },
    { name: 'login-phone', shows: 'The same on a phone.', look: onPhone, act: login },
    { name: 'login-wrong', shows: 'A token that is not valid.', act: refused },
    { name: 'login-ended', shows: 'The token was revoked while the page was open.', look: dark, act: ended },
    { name: 'account-read', shows: 'Who is logged in, and what they may do.', act: account('read') },
    { name: 'account-admin', shows: 'For an administrator everyone who is logged in.', act: account() },
    { name: 'account-admin-dark', shows: 'The same in the dark theme.', look: dark, act: account() },
    { name: 'account-phone', shows: 'The same on a phone.', look: onPhone, act: account() },
    { name: 'account-es', shows: 'The same in Spanish.', look: { language: 'es-ES' }, act: account() },
    {
      name: 'login-limited-phone-es',
      shows: 'Too many wrong tokens, and how long to wait, on a phone, in Spanish.',
      look: { ...onPhone, theme: 'dark', language: 'es-ES' },
      act: limited,
    },
  ],
};
