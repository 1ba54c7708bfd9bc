import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** Bars side by side on a canvas, each of parts that stand on one another. */
export interface BarChart {
  /** One array of heights for each part, the lowest part first, with a colour for each. */
  draw(parts: readonly (readonly number[])[], colours: readonly string[]): void;
  close(): void;
}

/** What a bar leaves free of its place, and the pixels that it is never wider than, for a chart of few. */
const bars = uPlot.paths.bars?.({ size: [0.8, 48, 1] });

/** Fills `host` and keeps to its size and to the resolution of the screen; parts are drawn without axes or legend. */
export function barChart(host: HTMLElement, parts: number): BarChart {
  let colours: readonly string[] = [];
  // The highest first: each part is drawn from the ground up, over the one that stands on it.
  const series = Array.from({ length: parts }, (_, index): uPlot.Series => ({
    fill: () => colours[parts - 1 - index] ?? '',
    width: 0,
    points: { show: false },
    ...(bars === undefined ? {} : { paths: bars }),
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
      const middles = (heights[0] ?? []).map((_, index) => index + 0.5);
      plot.setData([middles, ...heights.toReversed().map((part) => [...part])]);
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
