import { describe, expect, it } from 'vitest';
import { RefusedError } from '../../src/pipeline/codes.ts';
import { createBoundary, type RequestOrigin } from '../../src/server/boundary.ts';

const local = createBoundary({ host: '127.0.0.1', publicUrl: undefined, isSecure: false });
const named = createBoundary({ host: 'Hub.lan', publicUrl: 'https://alerts.example.com', isSecure: true });

function request(given: Partial<RequestOrigin>): RequestOrigin {
  return { host: 'localhost:8080', origin: '', secFetchSite: '', ...given };
}

/** The header that a refusal names, or null. */
function refusedFor(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    expect(error.code).toBe('forbidden');
    return error.message.slice(0, error.message.indexOf(':'));
  }
}

describe('the Host of a request', () => {
  it.each([
    [local, 'localhost'],
    [local, 'localhost:8080'],
    [local, 'LocalHost:1'],
    [local, '127.0.0.1:8080'],
    [local, '192.168.1.5:8080'],
    [local, '[::1]:8080'],
    [local, '[fe80::1]'],
    [named, 'hub.lan:8080'],
    [named, 'HUB.LAN'],
    [named, 'alerts.example.com'],
    [named, 'alerts.example.com:8443'],
  ])('is let in when it is an address or a name of the hub: %#', (boundary, host) => {
    expect(refusedFor(() => boundary.check(request({ host })))).toBe(null);
  });

  it.each([
    [''],
    ['evil.example'],
    ['localhost.evil.example'],
    ['evil.example:8080'],
    ['127.0.0.1.evil.example'],
    ['alerts.example.com'],
    ['evil@localhost'],
    ['localhost/evil'],
    ['localhost?evil'],
    ['localhost#evil'],
    ['localhost\\evil'],
    ['localhost:port'],
    ['[::1'],
    ['localhost, evil.example'],
  ])('is refused when it is %j', (host) => {
    expect(refusedFor(() => local.check(request({ host })))).toBe('Host');
  });
});

describe('the Origin of a request', () => {
  it.each([
    ['localhost:8080', ''],
    ['localhost:8080', 'http://localhost:8080'],
    ['LOCALHOST:8080', 'http://localhost:8080'],
    ['[::1]:8080', 'http://[::1]:8080'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    // Behind a proxy that ends TLS.
    ['localhost:8443', 'https://localhost:8443'],
  ])('is let in to %s when it is %j', (host, origin) => {
    expect(refusedFor(() => local.check(request({ host, origin })))).toBe(null);
  });

  it.each([
    ['localhost:8080', 'null'],
    ['localhost:8080', 'http://localhost'],
    ['localhost:8080', 'http://localhost:9999'],
    ['localhost:8080', 'http://127.0.0.1:8080'],
    ['localhost:8080', 'http://evil.example'],
    ['localhost:8080', 'http://localhost:8080.evil.example'],
    ['localhost:8080', 'http://localhost:8080/'],
    ['localhost:8080', 'file://localhost:8080'],
    ['[::1]:8080', 'http://[::2]:8080'],
  ])('is refused by %s when it is %j', (host, origin) => {
    expect(refusedFor(() => local.check(request({ host, origin })))).toBe('Origin');
  });

  it('may be the public one, whatever name the proxy asks by', () => {
    const origin = 'https://alerts.example.com';
    expect(refusedFor(() => named.check(request({ host: 'localhost:8080', origin })))).toBe(null);
    expect(refusedFor(() => named.check(request({ origin: 'http://alerts.example.com' })))).toBe('Origin');
    expect(refusedFor(() => local.check(request({ origin })))).toBe('Origin');
  });
});

describe('a change of state', () => {
  it.each(['', 'same-origin', 'none'])('is let in when Sec-Fetch-Site is %j', (secFetchSite) => {
    expect(refusedFor(() => local.checkStateChange(request({ secFetchSite })))).toBe(null);
  });

  it.each(['cross-site', 'same-site', 'something else'])('is refused when Sec-Fetch-Site is %j', (secFetchSite) => {
    expect(refusedFor(() => local.checkStateChange(request({ secFetchSite })))).toBe('Sec-Fetch-Site');
    // A link from another page may be followed.
    expect(refusedFor(() => local.check(request({ secFetchSite })))).toBe(null);
  });

  it('is refused for its Host and Origin too', () => {
    expect(refusedFor(() => local.checkStateChange(request({ host: 'evil.example' })))).toBe('Host');
    expect(refusedFor(() => local.checkStateChange(request({ origin: 'null' })))).toBe('Origin');
  });
});
