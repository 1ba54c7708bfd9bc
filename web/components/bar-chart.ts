import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** Bars side by side on a canvas, each of parts that stand on one another. */
export interface BarChart {
  /** One array of heights for each part, the lowest part first, with a colour for each. */
  draw(parts: readonly (readonly number[])[], colours: readonly string[]): void;
  close(): void;
}

/** How much of its place a bar takes, and the pixels that it is never wider than, for a chart of few. */
const fill = 0.8;
const widest = 48;

/** Each part from where the one below it ends, on whole pixels of the screen: parts that were drawn over one another would
 *  show their colours at the edges of those before them. */
function partPath(plot: uPlot, index: number): uPlot.Series.Paths {
  const path = new Path2D();
  const tops = plot.data[index] ?? [];
  const grounds = plot.data[index - 1] ?? [];
  const place = plot.bbox.width / tops.length;
  const width = Math.max(1, Math.round(Math.min(place * fill, widest * devicePixelRatio)));
  tops.forEach((top, at) => {
    const low = Math.round(plot.valToPos(index === 1 ? 0 : (grounds[at] ?? 0), 'y', true));
    const high = Math.round(plot.valToPos(top ?? 0, 'y', true));
    const left = Math.round(plot.bbox.left + at * place + (place - width) / 2);
    if (high < low) path.rect(left, high, width, low - high);
  });
  return { fill: path };
}

/** Fills `host` and keeps to its size and to the resolution of the screen; parts are drawn without axes or legend. */
export function barChart(host: HTMLElement, parts: number): BarChart {
  let colours: readonly string[] = [];
  const series = Array.from({ length: parts }, (_, index): uPlot.Series => ({
    fill: () => colours[index] ?? '',
    width: 0,
    points: { show: false },
    paths: partPath,
  }));
  const plot = new uPlot(
    {
      ...sizeOf(host),
      padding: [0, 0, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { time: false, range: (self) => [0, self.data[0].length] },
        y: { range: (_, __, highest) => [0, highest > 0 ? highest : 1] },
      },
      series: [{}, ...series],
    },
    undefined,
    host,
  );
  const observer = new ResizeObserver(() => plot.setSize(sizeOf(host)));
  observer.observe(host);
  return {
    draw(heights, wanted) {
      colours = wanted;
      const places = (heights[0] ?? []).map((_, index) => index);
      plot.setData([places, ...heights.map((part) => [...part])]);
    },
    close() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

function sizeOf(host: HTMLElement): { readonly width: number; readonly height: number } {
  return { width: host.clientWidth, height: host.clientHeight };
}
