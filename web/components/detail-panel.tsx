import { useEffect, useRef } from 'preact/hooks';
import type { RecordedEvent } from '../../src/pipeline/event.ts';
import { detailWidth } from '../state/detail-width.ts';
import { focusEvents } from '../state/focus.ts';
import { detail, selection } from '../state/page.ts';
import { isPhone } from '../state/screen.ts';
import { texts } from '../texts/texts.ts';
import { CopyButton } from './copy-button.tsx';
import { DetailEdge } from './detail-edge.tsx';
import { DetailFields } from './detail-fields.tsx';
import { DetailHead } from './detail-head.tsx';
import { DetailProblem } from './detail-problem.tsx';
import { Icon } from './icon.tsx';
import { Why } from './why.tsx';

/** The open event: beside the list, or over it on a phone. */
export function DetailPanel() {
  return detail.position.value === null ? null : <Panel />;
}

function Panel() {
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // What lies under the sheet is out of reach, so the keyboard comes along.
    if (isPhone.peek()) close.current?.focus();
    return focusEvents;
  }, []);
  const position = detail.position.value ?? 0;
  return (
    <>
      {!isPhone.value && <DetailEdge />}
      <aside id="detail" class="detail" aria-label={texts.detail.label} style={{ width: `${detailWidth.value}px` }}>
        <button
          ref={close}
          type="button"
          class="button plain close"
          aria-label={texts.detail.close}
          aria-keyshortcuts="Escape"
          onClick={() => detail.close()}
        >
          <Icon name="clear" />
        </button>
        <div key={position} class="pages" tabIndex={0} role="group" aria-label={texts.detail.label}>
          <Content position={position} />
        </div>
      </aside>
    </>
  );
}

function Content({ position }: { readonly position: number }) {
  const content = detail.content.value;
  if (content.kind === 'event') return <Event event={content.event} />;
  if (content.kind !== 'loading') return <DetailProblem position={position} content={content} />;
  const row = selection.row.value;
  return row?.position === position ? <DetailHead event={row} /> : <p class="hint">{texts.detail.loading}</p>;
}

function Event({ event }: { readonly event: RecordedEvent }) {
  return (
    <>
      <DetailHead event={event} />
      <div class="acts">
        <CopyButton label={texts.detail.copyLink} text={() => linkTo(event.position)} />
        <CopyButton label={texts.detail.copyJson} text={() => JSON.stringify(event, null, 2)} />
        <CopyButton label={texts.detail.copyMessage} text={() => event.message} />
      </div>
      <Why event={event} />
      <DetailFields event={event} />
    </>
  );
}

/** Opens this event for whoever follows it, whatever they searched for before. */
function linkTo(position: number): string {
  return new URL(`./?at=${String(position)}`, document.baseURI).href;
}
