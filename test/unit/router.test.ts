import { describe, expect, it } from 'vitest';
import { createRouter, type Route } from '../../src/server/router.ts';

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  needs: 'open',
  handle: () => undefined,
});
const routes = [
  route('GET', '/'),
  route('GET', '/api/events'),
  route('POST', '/api/events'),
  route('GET', '/api/events/:position'),
  route('GET', '/api/events/:position/trace'),
  route('GET', '/api/events/newest'),
  route('DELETE', '/api/silences/:id'),
];
const find = createRouter(routes);

/** The route that answers, and what its parameters are. */
function found(method: string, path: string): string {
  const { route, parameters } = find(method, path);
  return [route.method, route.path, ...parameters].join(' ');
}

describe('the router', () => {
  it.each([
    ['GET', '/', 'GET /'],
    ['GET', '/api/events', 'GET /api/events'],
    ['POST', '/api/events', 'POST /api/events'],
    ['HEAD', '/api/events', 'GET /api/events'],
    ['GET', '/api/events/42', 'GET /api/events/:position 42'],
    ['GET', '/api/events/42/trace', 'GET /api/events/:position/trace 42'],
    ['GET', '/api/events/newest', 'GET /api/events/newest'],
    ['DELETE', '/api/silences/a%2Fb%20%C3%A9', 'DELETE /api/silences/:id a/b é'],
    ['DELETE', '/api/silences/__proto__', 'DELETE /api/silences/:id __proto__'],
  ])('finds %s %s', (method, path, expected) => {
    expect(found(method, path)).toBe(expected);
  });

  it.each([
    '/api',
    '/api/',
    '/api/events/',
    '/api/events/1/2',
    '/api/event',
    '',
    '//',
    '/constructor',
    '/api/silences/',
  ])('finds nothing at %j', (path) => {
    expect(() => find('GET', path)).toThrow(expect.objectContaining({ code: 'not_found' }) as Error);
  });

  it('says which methods there are when it is another', () => {
    expect(() => find('DELETE', '/api/events')).toThrow(
      expect.objectContaining({
        code: 'method_not_allowed',
        message: '/api/events takes GET, POST; got DELETE',
      }) as Error,
    );
  });

  it('refuses a parameter that is not valid URL encoding', () => {
    expect(() => find('GET', '/api/events/%zz')).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: 'path: "%zz" is not valid URL encoding',
      }) as Error,
    );
  });
});
