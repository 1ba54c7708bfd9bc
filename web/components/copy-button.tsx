import { useEffect, useState } from 'preact/hooks';
import { copyText } from '../state/clipboard.ts';
import { texts } from '../texts/texts.ts';

const saysSoMs = 2_000;

/** Copies and says so for a moment, without changing its width. */
export function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), saysSoMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    await copyText(text());
    setCopied(true);
  };
  return (
    <button type="button" class="button copies" onClick={() => void copy()}>
      <span class={isCopied ? 'out' : ''}>{label}</span>
      <span class={isCopied ? '' : 'out'} role="status">
        {isCopied ? texts.detail.copied : ''}
      </span>
    </button>
  );
}
