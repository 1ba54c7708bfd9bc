import type { Role } from './access.ts';

/** What changed about who is let in. Never with a secret, nor with anything that is made from one. */
export type AccessDecision =
  | {
      readonly type: 'token.created';
      readonly id: string;
      readonly name: string;
      readonly role: Role;
      readonly sources: readonly string[] | null;
      readonly expires: string | null;
      readonly by: string;
      readonly reason: string;
    }
  | {
      readonly type: 'token.rotated';
      /** Of the new one. */
      readonly id: string;
      readonly replaces: string;
      /** How long the replaced one goes on, RFC 3339. */
      readonly until: string;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly type: 'token.revoked'; readonly id: string; readonly by: string; readonly reason: string }
  | {
      readonly type: 'session.created';
      readonly id: string;
      /** The id of the token that was shown. */
      readonly token: string;
      readonly address: string;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly type: 'session.ended'; readonly id: string; readonly by: string; readonly reason: string };

/** Whether a record is about who is let in, and not about events. */
export function isAboutAccess<Value extends { readonly type: string }>(
  value: Value,
): value is Extract<Value, { readonly type: AccessDecision['type'] }> {
  return value.type.startsWith('token.') || value.type.startsWith('session.');
}
