/** What runs in a process of its own. Each module has a `run`, whose options and result are JSON; one that resolves with
 *  a port goes on until its process is ended. A process loads its own module alone. */
export const programs = {
  tcpLoad: () => import('./load/tcp-load.ts'),
  httpLoad: () => import('./load/http-load.ts'),
  wsLoad: () => import('./load/ws-load.ts'),
  redisLoad: () => import('./load/redis-load.ts'),
  endToEndLoad: () => import('./load/end-to-end.ts'),
  fanOutLoad: () => import('./load/fan-out.ts'),
  pacedLoad: () => import('./load/paced-load.ts'),
  exportLoad: () => import('./load/export-load.ts'),
  subscribersLoad: () => import('./load/subscribers-load.ts'),
  logFill: () => import('./load/log-fill.ts'),
  sqliteCeiling: () => import('./ceilings/sqlite.ts'),
  sqliteExport: () => import('./ceilings/sqlite-export.ts'),
  fsyncCeiling: () => import('./ceilings/fsync.ts'),
  tcpEcho: () => import('./ceilings/tcp-echo.ts'),
  uwsFanOut: () => import('./ceilings/uws-fan-out.ts'),
  uwsHttp: () => import('./ceilings/uws-http.ts'),
};

type Programs = typeof programs;
export type ProgramName = keyof Programs;
type Run<Name extends ProgramName> = Awaited<ReturnType<Programs[Name]>>['run'];
export type Options<Name extends ProgramName> = Parameters<Run<Name>>;
export type Result<Name extends ProgramName> = Awaited<ReturnType<Run<Name>>>;

/** What a program's process tells the one that started it. */
export type Report = { readonly result: unknown } | { readonly error: string };
