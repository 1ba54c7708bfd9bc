import { useState } from 'preact/hooks';
import { isAccountOpen, session } from '../state/access.ts';
import { timeText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';
import { Dialog } from './dialog.tsx';
import { Sentence } from './sentence.tsx';
import { SessionList } from './session-list.tsx';

/** Who is logged in, what they may do, and how to log out; for administrators everyone who is. */
export function AccountDialog() {
  const standing = session.standing.value;
  if (standing.kind !== 'in' || !standing.isRequired) return null;
  const { name, role, expires } = standing;
  const words = texts.account;
  return (
    <Dialog name="account" title={words.title} closeLabel={words.close} isOpen={isAccountOpen}>
      <div class="who">
        <div>
          <p>
            <Sentence words={words.may[role]} values={{ name }} />
          </p>
          {expires !== null && (
            <p class="until">{words.until(timeText(Date.parse(expires), new Date().toDateString()))}</p>
          )}
        </div>
        <LogOut />
      </div>
      {role === 'admin' && isAccountOpen.value && <SessionList />}
    </Dialog>
  );
}

function LogOut() {
  const [hasFailed, setFailed] = useState(false);
  const logOut = (): void => void session.logOut().catch(() => setFailed(true));
  return (
    <>
      <button type="button" class="button" onClick={logOut}>
        {texts.account.logOut}
      </button>
      <p class="failure" role="alert" hidden={!hasFailed}>
        {texts.account.logOutFailed}
      </p>
    </>
  );
}
