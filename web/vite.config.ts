import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';
import { renderBlockingEntry } from './build/render-blocking-entry.ts';

/** Builds the dashboard into `dist/web`: hashed files under `assets/`, relative addresses so that it also works behind
 *  a path prefix, and `.br` and `.gz` beside every text file so that the hub never compresses while it ingests. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [renderBlockingEntry(), precompress()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    sourcemap: false,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    modulePreload: { polyfill: false },
    // A data: address in a style or script would need a wider content security policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
