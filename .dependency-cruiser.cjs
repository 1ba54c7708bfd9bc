const { builtinModules } = require('node:module');

/** The layers: `cli, hub -> server, sources, sinks -> pipeline`, with `limits` between the ones that face the network and it. Types count: a layer that names another's types depends on it. */
const layers = [
  {
    name: 'pipeline-knows-only-itself',
    comment: 'the pipeline is what every other part depends on: take what it needs through a port',
    from: { path: '^src/pipeline/' },
    to: { path: '^src/', pathNot: '^src/pipeline/' },
  },
  {
    name: 'pipeline-does-no-io',
    comment: 'no driver, no server and no file in the pipeline: that is what sources and sinks are for',
    from: { path: '^src/pipeline/' },
    to: {
      path: [
        ...['better-sqlite3', 'kysely', 'uWebSockets.js', 'nodemailer', 'ws', 'pino', 'commander'].map(npm),
        core('net', 'tls', 'dgram', 'http', 'https', 'http2', 'fs', 'fs/promises', 'worker_threads', 'child_process'),
      ],
    },
  },
  {
    name: 'components-know-only-the-pipeline',
    comment:
      'the server, access, sources and sinks meet in hub.ts, through ports: none imports another, or what stands above it',
    from: { path: '^src/(server|sources)/' },
    to: { path: '^src/', pathNot: ['^src/(pipeline|limits)/', '^src/$1/'] },
  },
  {
    name: 'sinks-access-and-limits-know-only-the-pipeline',
    from: { path: '^src/(sinks|access|limits)/' },
    to: { path: '^src/', pathNot: ['^src/pipeline/', '^src/$1/'] },
  },
  {
    name: 'sinks-stand-alone',
    comment: 'a sink can be added or removed with its folder and its line in hub.ts',
    from: { path: '^src/sinks/([a-z]+)' },
    to: { path: '^src/sinks/', pathNot: '^src/sinks/$1' },
  },
  {
    name: 'sources-stand-alone',
    comment: 'a source can be added or removed with its file and its line in the registry',
    from: { path: '^src/sources/(tcp|http|ws)\\b' },
    to: { path: '^src/sources/(tcp|http|ws|registry)\\b', pathNot: '^src/sources/$1\\b' },
  },
  {
    name: 'only-the-hub-starts',
    comment: 'what a start looks at, says and leaves behind is no business of the parts that it starts',
    from: { path: '^src/', pathNot: ['^src/hub\\.ts$', '^src/start/'] },
    to: { path: '^src/start/' },
  },
  {
    name: 'client-shares-types-alone',
    comment: 'the client runs in browsers and other programs: from the hub it takes the types of the wire, and no code',
    from: { path: '^src/client/' },
    to: { path: '^src/', pathNot: '^src/client/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'client-types-from-the-pipeline',
    from: { path: '^src/client/' },
    to: { path: '^src/', pathNot: '^src/(client|pipeline)/' },
  },
  {
    name: 'only-cli-and-page-use-the-client',
    from: { path: '^src/', pathNot: ['^src/(client|cli)/', '^src/main\\.ts$'] },
    to: { path: '^src/client/' },
  },
  {
    name: 'page-uses-client-and-pipeline',
    from: { path: '^web/' },
    to: { path: '^src/', pathNot: '^src/(client|pipeline)/' },
  },
  {
    name: 'demo-uses-hub-and-client',
    comment: 'the demo is a user: it starts a hub, and sends through the client',
    from: { path: '^demo/' },
    to: { path: '^(src|web|test|bench)/', pathNot: '^src/(hub|logger)\\.ts$|^src/(client|config|pipeline)/' },
  },
  {
    name: 'examples-need-nothing',
    comment: 'they are copied out of the project, one file at a time',
    from: { path: '^examples/' },
    to: { pathNot: core(...builtinModules) },
  },
  {
    name: 'page-runs-in-a-browser',
    comment: 'nothing that the page reaches may need Node',
    from: { path: '^web/', pathNot: ['^web/build/', '^web/vite\\.config'] },
    to: { path: [core(...builtinModules), npm('ws'), npm('pino')], reachable: true },
  },
];

/** Each package of consequence has one home, so that it can be replaced there. */
const homes = [
  home('uWebSockets.js', '^src/server/'),
  home('better-sqlite3', '^src/sinks/sqlite/'),
  home('kysely', '^src/sinks/sqlite/'),
  home('nodemailer', '^src/sinks/email'),
  {
    name: 'no-streams-in-the-log',
    comment: 'the transaction is a loop in a thread, not a chain of operators',
    from: { path: '^src/sinks/sqlite/' },
    to: { path: npm('rxjs') },
  },
];

const hygiene = [
  { name: 'no-cycles', from: {}, to: { circular: true } },
  { name: 'no-unresolvable-import', from: {}, to: { couldNotResolve: true } },
  {
    name: 'no-tests-in-the-program',
    from: { path: '^(src|web)/' },
    to: { path: '^(test|bench|demo|examples|scripts)/' },
  },
  {
    name: 'no-development-package-in-the-program',
    comment: 'it would be missing after `npm ci --omit=dev`',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];

function npm(name) {
  return `(^|/)node_modules/(@types/)?${name.replaceAll('.', '\\.')}/`;
}

function core(...names) {
  return `^(node:)?(${names.join('|')})$`;
}

function home(name, path) {
  return { name: `${name}-has-one-home`, from: { path: '^(src|web)/', pathNot: path }, to: { path: npm(name) } };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...layers, ...homes, ...hygiene].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
