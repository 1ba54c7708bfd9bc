import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface DialogProps {
  /** Of its title and its class. */
  readonly name: string;
  readonly title: string;
  readonly closeLabel: string;
  readonly isOpen: Signal<boolean>;
  readonly children: ComponentChildren;
}

/** A sheet over the page. Escape, its button and a click beside it close it. */
export function Dialog({ name, title, closeLabel, isOpen, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = `${name}-title`;
  const shouldOpen = isOpen.value;
  useEffect(() => {
    if (shouldOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shouldOpen]);
  const close = (): void => {
    isOpen.value = false;
  };
  return (
    <dialog
      ref={dialog}
      class={`dialog ${name}`}
      aria-labelledby={titleId}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="sheet">
        <h2 id={titleId} tabIndex={-1} autofocus>
          {title}
        </h2>
        <button type="button" class="button plain close" aria-label={closeLabel} onClick={close}>
          <Icon name="clear" />
        </button>
        {children}
      </div>
    </dialog>
  );
}
