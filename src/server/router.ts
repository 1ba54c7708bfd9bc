import type { Principal, Role } from '../pipeline/access.ts';
import { RefusedError } from '../pipeline/codes.ts';
import type { Exchange } from './exchange.ts';

interface Place {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As `/api/events/:position`. */
  readonly path: string;
}

/** For everyone, whoever they are. `parameters` are the decoded segments that stand for `:name` in the path, in order. */
export interface OpenRoute extends Place {
  readonly needs: 'open';
  readonly handle: (exchange: Exchange, parameters: readonly string[]) => void | Promise<void>;
}

/** For whoever has the role. */
export interface GuardedRoute extends Place {
  readonly needs: Role;
  readonly handle: (exchange: Exchange, parameters: readonly string[], principal: Principal) => void | Promise<void>;
}

/** What it needs is said of each, so that none is open because somebody forgot. */
export type Route = OpenRoute | GuardedRoute;

interface Node {
  readonly routes: Map<string, Route>;
  readonly children: Map<string, Node>;
  parameter: Node | null;
}

export type FindRoute = (method: string, path: string) => { readonly route: Route; readonly parameters: string[] };

/** Finds the route of a request. Throws `not_found`, or `method_not_allowed` with the methods that are. */
export function createRouter(routes: readonly Route[]): FindRoute {
  const root = newNode();
  const fixed = new Map<string, Node>();
  for (const route of routes) {
    const node = segmentsOf(route.path).reduce(childFor, root);
    node.routes.set(route.method, route);
    if (!route.path.includes(':')) fixed.set(route.path, node);
  }
  return (method, path) => {
    const parameters: string[] = [];
    const node =
      fixed.get(path) ??
      segmentsOf(path).reduce<Node | undefined>((at, segment) => step(at, segment, parameters), root);
    if (node === undefined || node.routes.size === 0) {
      throw new RefusedError('not_found', `nothing is at ${JSON.stringify(path.slice(0, 200))}`);
    }
    const route = node.routes.get(method === 'HEAD' ? 'GET' : method);
    if (route === undefined) {
      throw new RefusedError(
        'method_not_allowed',
        `${path} takes ${[...node.routes.keys()].join(', ')}; got ${method}`,
      );
    }
    return { route, parameters };
  };
}

function newNode(): Node {
  return { routes: new Map(), children: new Map(), parameter: null };
}

function childFor(node: Node, segment: string): Node {
  if (segment.startsWith(':')) return (node.parameter ??= newNode());
  const child = node.children.get(segment) ?? newNode();
  node.children.set(segment, child);
  return child;
}

function step(node: Node | undefined, segment: string, parameters: string[]): Node | undefined {
  const child = node?.children.get(segment);
  if (child !== undefined) return child;
  const { parameter } = node ?? { parameter: null };
  if (parameter === null || segment === '') return undefined;
  parameters.push(decode(segment));
  return parameter;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').slice(1);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new RefusedError(
      'invalid_request',
      `path: ${JSON.stringify(segment.slice(0, 200))} is not valid URL encoding`,
    );
  }
}
