import { useRef } from 'preact/hooks';
import { detailWidth, leastDetailWidth, mostDetailWidth, setDetailWidth } from '../state/detail-width.ts';
import { texts } from '../texts/texts.ts';

const stepPx = 16;

/** The edge between the list and the panel: dragged, or moved by the arrow keys. */
export function DetailEdge() {
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  return (
    <div
      class="edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={texts.detail.edge}
      aria-controls="detail"
      aria-valuenow={detailWidth.value}
      aria-valuemin={leastDetailWidth}
      aria-valuemax={mostDetailWidth.value}
      tabIndex={0}
      onKeyDown={moveByKey}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: detailWidth.peek() };
      }}
      onPointerMove={(event) => {
        if (start.current !== null) setDetailWidth(start.current.width + start.current.x - event.clientX);
      }}
      onLostPointerCapture={() => {
        start.current = null;
      }}
    />
  );
}

function moveByKey(event: KeyboardEvent): void {
  const width = widthFor(event.key);
  if (width === undefined) return;
  event.preventDefault();
  setDetailWidth(width);
}

function widthFor(key: string): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return detailWidth.peek() + stepPx;
    case 'ArrowRight':
      return detailWidth.peek() - stepPx;
    case 'Home':
      return leastDetailWidth;
    case 'End':
      return mostDetailWidth.peek();
    default:
      return undefined;
  }
}
