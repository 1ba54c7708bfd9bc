import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Exchange } from './exchange.ts';
import type { Route } from './router.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** What the build puts a hash of the content into the name of; it never changes under its name. */
const fingerprinted = /^\/assets\//;

interface StaticFile {
  readonly contentType: string;
  readonly etag: string;
  readonly cacheControl: string;
  readonly plain: Buffer;
  readonly brotli: Buffer | null;
  readonly gzip: Buffer | null;
}

/** Routes for every file below `directory`, read into memory once: no request ever becomes a path. A file `x.br` or `x.gz`
 *  is `x` compressed. No routes when there is no such directory. */
export function staticRoutes(directory: string): readonly Route[] {
  if (!fs.existsSync(directory)) return [];
  const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => contentTypes[path.extname(name)] !== undefined)
    .flatMap((name) => {
      const url = `/${name.split(path.sep).join('/')}`;
      const file = readStaticFile(path.join(directory, name), url);
      const handle = (exchange: Exchange) => {
        serve(exchange, file);
      };
      const paths = url === '/index.html' ? ['/', url] : [url];
      return paths.map((at): Route => ({ method: 'GET', path: at, needs: 'open', handle }));
    });
}

function readStaticFile(file: string, url: string): StaticFile {
  const plain = fs.readFileSync(file);
  return {
    contentType: contentTypes[path.extname(file)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    cacheControl: fingerprinted.test(url) ? 'public, max-age=31536000, immutable' : 'no-cache',
    plain,
    brotli: readIfThere(`${file}.br`),
    gzip: readIfThere(`${file}.gz`),
  };
}

function readIfThere(file: string): Buffer | null {
  return fs.existsSync(file) ? fs.readFileSync(file) : null;
}

function serve(exchange: Exchange, file: StaticFile): void {
  const headers: [string, string][] = [
    ['ETag', file.etag],
    ['Cache-Control', file.cacheControl],
    ['Vary', 'Accept-Encoding'],
  ];
  if (exchange.header('if-none-match') === file.etag) {
    exchange.answer(304, headers, '');
    return;
  }
  const accepted = exchange.header('accept-encoding') ?? '';
  headers.push(['Content-Type', file.contentType]);
  if (file.brotli !== null && /\bbr\b/.test(accepted)) {
    exchange.answer(200, [...headers, ['Content-Encoding', 'br']], file.brotli);
  } else if (file.gzip !== null && /\bgzip\b/.test(accepted)) {
    exchange.answer(200, [...headers, ['Content-Encoding', 'gzip']], file.gzip);
  } else {
    exchange.answer(200, headers, file.plain);
  }
}
