import { useEffect, useState } from 'preact/hooks';
import { session } from '../state/access.ts';
import { copyText } from '../state/clipboard.ts';
import { isFirstRun } from '../state/first-run.ts';
import { texts } from '../texts/texts.ts';
import { commands } from './first-commands.ts';

/** The log is empty: how to send the first event, from here. */
export function FirstRun() {
  useEffect(() => {
    isFirstRun.value = true;
  }, []);
  const standing = session.standing.value;
  const needsToken = standing.kind === 'in' && standing.isRequired;
  return (
    <div class="state first-run">
      <h2>{texts.firstRun.title}</h2>
      <p>{texts.firstRun.lead}</p>
      {needsToken && <p>{texts.firstRun.needsToken}</p>}
      {commands(needsToken).map(({ title, text }) => (
        <Command key={title} title={title} text={text} />
      ))}
      <p class="waits">
        <i class="dot" />
        {texts.firstRun.waiting}
      </p>
    </div>
  );
}

function Command({ title, text }: { readonly title: string; readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await copyText(text);
    setCopied(true);
  };
  return (
    <section>
      <h3>{title}</h3>
      <div class="command">
        <pre tabIndex={0}>{text}</pre>
        <button type="button" class="button" onClick={() => void copy()}>
          {isCopied ? texts.firstRun.copied : texts.firstRun.copy}
        </button>
      </div>
    </section>
  );
}
