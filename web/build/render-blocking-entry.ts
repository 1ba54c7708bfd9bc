import type { Plugin } from 'vite';

/** Holds the first paint until the entry has run, so that a remembered theme never flashes the other one first.
 *  Browsers that do not know `blocking` ignore it; an inline script would do the same but the policy forbids it. */
export function renderBlockingEntry(): Plugin {
  return {
    name: 'render-blocking-entry',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
    },
  };
}
