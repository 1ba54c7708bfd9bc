/** The course of a number, from 0 up, without words: it stands beside the number. Nothing where there is no course. */
export function Sparkline({ points }: { readonly points: readonly number[] }) {
  if (points.length < 2) return null;
  const highest = Math.max(...points, 1);
  const line = points.map((point, index) => `${index},${(19 - (point / highest) * 18).toFixed(1)}`);
  return (
    <svg class="spark" viewBox={`0 0 ${points.length - 1} 20`} preserveAspectRatio="none" aria-hidden="true">
      <polyline points={line.join(' ')} />
    </svg>
  );
}
