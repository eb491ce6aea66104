import { TapedeckError } from '@tapedeck/contracts'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import {
  checkPostgresUrl,
  openDatabase,
  reasonOf,
  silentLogger,
  sqlState,
} from '../connection/index.ts'
import type { Logger } from '../connection/index.ts'
import { applyMigrations } from './apply-migrations.ts'
import { baseMigrations } from './base-migrations.ts'
import type { Migrations } from './base-migrations.ts'
import { scramVerifier } from './scram-verifier.ts'
import { serviceNames } from './service-names.ts'
import type { ServiceNames } from './service-names.ts'

export interface ProvisionOptions {
  /** A role that may create roles and schemas in the database named here. */
  readonly adminUrl: string
  /** e.g. `setup-generator`. */
  readonly service: string
  /** The service role's password from now on. Printable ASCII. */
  readonly password: string
  /** The service's own migrations; `baseMigrations` run before them. */
  readonly migrations: Migrations
  readonly logger?: Logger
}

export interface Provisioned extends ServiceNames {
  /** For `openDatabase`: the same server and database, as the service's role. */
  readonly url: string
  /** Migrations that were applied now. */
  readonly applied: readonly string[]
}

/** Two databases of one server share their roles, and an advisory lock does not reach across. */
const CATALOG_RACE = /tuple concurrently (updated|deleted)/
const CATALOG_ATTEMPTS_MAX = 5
const CONNECT_MS_MAX = 5_000

const ROLE_STATEMENTS = ({ schema, role }: ServiceNames, verifier: string): string[] => [
  `do $$ begin create role "${role}" login noinherit nocreatedb nocreaterole; exception when duplicate_object then null; end $$`,
  `alter role "${role}" with password '${verifier}'`,
  // An admin who is no superuser may own things for another role only as its member.
  `do $$ begin
    if not (select rolsuper from pg_roles where rolname = current_user)
    then grant "${role}" to current_user; end if; end $$`,
  `create schema if not exists "${schema}" authorization "${role}"`,
  `revoke all on schema "${schema}" from public`,
  'revoke all on schema public from public',
  `do $$ begin
    execute format('grant connect, temporary on database %I to "${role}"', current_database());
    execute format('alter role "${role}" in database %I set search_path = "${schema}"',
      current_database()); end $$`,
]

const createRole = async (admin: Client, names: ServiceNames, password: string): Promise<void> => {
  const statements = ROLE_STATEMENTS(names, scramVerifier(password))
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.query(`begin; ${statements.join('; ')}; commit`)
      return
    } catch (error) {
      await admin.query('rollback')
      const race = CATALOG_RACE.test(reasonOf(error)) || sqlState(error) === '23505'
      if (!race || attempt >= CATALOG_ATTEMPTS_MAX) throw error
      await sleep(20 * attempt)
    }
  }
}

const serviceUrl = (adminUrl: string, role: string, password: string): string => {
  const url = checkPostgresUrl(adminUrl)
  url.username = role
  url.password = encodeURIComponent(password)
  return url.href
}

const migrate = async (
  url: string,
  names: ServiceNames,
  options: ProvisionOptions,
): Promise<string[]> => {
  const db = openDatabase<unknown>({
    url,
    schema: names.schema,
    applicationName: `migrate ${options.service}`,
    maxConnections: 1,
    statementMsMax: 0,
    lockMsMax: 0,
    idleInTransactionMsMax: 0,
    ...(options.logger === undefined ? {} : { logger: options.logger }),
  })
  try {
    return await applyMigrations(db, { base: baseMigrations, service: options.migrations })
  } finally {
    await db.close()
  }
}

/**
 * Gives a service its role, its schema and its tables. Safe to run again (nothing happens but setting
 * the password) and from several processes at once (they take turns).
 *
 * The role sees its own schema only; PUBLIC loses the schema `public`, so the database should be
 * Tapedeck's own. Migrations run as the role itself: what they make belongs to it.
 *
 * @throws TapedeckError `MIGRATION_FAILED` (rolled back whole, with the cause), `POSTGRES_UNREACHABLE`,
 * `CONFIG_INVALID`
 */
export const provisionService = async (options: ProvisionOptions): Promise<Provisioned> => {
  const names = serviceNames(options.service)
  const url = serviceUrl(options.adminUrl, names.role, options.password)
  const logger = options.logger ?? silentLogger
  const admin = await connectAdmin(options.adminUrl)
  try {
    await admin.query(`select pg_advisory_lock(hashtextextended('tapedeck:provision', 0))`)
    await createRole(admin, names, options.password)
    const applied = await migrate(url, names, options)
    logger.info({ service: options.service, applied }, 'Postgres is provisioned')
    return { ...names, url, applied }
  } catch (error) {
    throw asMigrationFailure(options.service, error)
  } finally {
    // Ends the session, and with it the lock.
    await admin.end()
  }
}

const connectAdmin = async (connectionString: string): Promise<Client> => {
  const client = new Client({
    connectionString,
    application_name: 'tapedeck provisioning',
    connectionTimeoutMillis: CONNECT_MS_MAX,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw new TapedeckError(
      'POSTGRES_UNREACHABLE',
      `Postgres cannot be reached as its administrator: ${reasonOf(error)}`,
      { cause: error, details: { outcome: 'not_sent' } },
    )
  }
}

const asMigrationFailure = (service: string, error: unknown): unknown =>
  (error as Error).name === 'TapedeckError'
    ? error
    : new TapedeckError('MIGRATION_FAILED', `provisioning ${service} failed: ${reasonOf(error)}`, {
        cause: error,
        details: { service },
      })
