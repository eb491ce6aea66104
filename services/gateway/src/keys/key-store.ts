import { createHmac } from 'node:crypto'
import { TapedeckError, hasCode } from '@tapedeck/contracts'
import { type Database, type Transaction, sql } from '@tapedeck/database'
import {
  type ApiKeyStore,
  type Clock,
  type Role,
  generateApiKey,
  hashApiKey,
} from '@tapedeck/runtime'
import type { ApiKeyTable, Tables } from '../store.ts'

export interface NewKey {
  readonly name: string
  readonly role: Role
  readonly environment: string
  readonly createdBy: string
  readonly expiresAt: number | null
}

export interface CreatedKey {
  readonly row: ApiKeyTable
  /** The key itself, to be shown once. */
  readonly text: string
}

/** API keys in Postgres. */
export interface KeyStore extends ApiKeyStore {
  create(key: NewKey): Promise<CreatedKey>
  /**
   * Ends a key for good; twice is the same as once. Throws `NOT_FOUND`, and `STATE_CONFLICT` for the
   * last administrator, who would lock everybody out.
   */
  revoke(keyId: string): Promise<void>
  /** Makes an administrator key if none can be used, and hands it over before it is committed. */
  ensureAdmin(key: NewKey, handOver: (text: string) => void): Promise<boolean>
}

type Keys = Transaction<Tables>

interface Known {
  readonly row: ApiKeyTable
  readonly readAt: number
  /** The reading that is under way, if one is. */
  refresh: { readonly since: number; readonly row: Promise<ApiKeyTable | null> } | null
}

/** A revocation reaches every gateway within this time. */
const FRESH_MS = 1_000
/** Longer than this nobody waits for what is known already. */
const SLOW_MS = 500
const KNOWN_MAX = 1_000
const TOUCH_MS = 60_000

/** Names a pepper without telling anything about it. */
export const pepperId = (pepper: string): string =>
  createHmac('sha256', pepper).update('tapedeck pepper id').digest('hex').slice(0, 16)

/** One at a time: two gateways that start together must not both make a first key. */
const lockKeys = async (tx: Keys): Promise<void> => {
  await sql`lock table api_key in share row exclusive mode`.execute(tx)
}

const usableAdmins = async (tx: Keys, pepper: string, now: number): Promise<string[]> => {
  const rows = await tx
    .selectFrom('api_key')
    .select('key_id')
    .where('role', '=', 'admin')
    .where('pepper_id', '=', pepperId(pepper))
    .where('revoked_at', 'is', null)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .execute()
  return rows.map((row) => row.key_id)
}

class PostgresKeys implements KeyStore {
  readonly #db: Database<Tables>
  readonly #pepper: string
  readonly #clock: Clock
  /** The rows used last, oldest use first. */
  readonly #known = new Map<string, Known>()
  readonly #touched = new Map<string, number>()

  constructor(db: Database<Tables>, pepper: string, clock: Clock) {
    this.#db = db
    this.#pepper = pepper
    this.#clock = clock
  }

  async find(keyId: string): ReturnType<KeyStore['find']> {
    const row = await this.#row(keyId)
    if (row === null) return null
    return {
      keyId: row.key_id,
      hash: row.hash,
      role: row.role,
      expiresAtMs: row.expires_at,
      revokedAtMs: row.revoked_at,
    }
  }

  /**
   * Read anew every second. While Postgres is away or slow, what was read last counts: then nobody can revoke
   * a key either, and this is when an operator needs to get in.
   */
  async #row(keyId: string): Promise<ApiKeyTable | null> {
    const known = this.#known.get(keyId)
    const now = this.#clock.monotonic()
    if (known === undefined) return await this.#read(keyId)
    if (now - known.readAt < FRESH_MS) return known.row
    known.refresh ??= { since: now, row: this.#read(keyId).finally(() => (known.refresh = null)) }
    const { since, row } = known.refresh
    const refreshed = row.catch((error: unknown) => {
      if (hasCode(error, 'POSTGRES_UNREACHABLE')) return known.row
      throw error
    })
    const bound = new AbortController()
    const late = this.#clock.sleep(Math.max(0, since + SLOW_MS - now), bound.signal)
    try {
      return await Promise.race([refreshed, late.then(() => known.row)])
    } finally {
      bound.abort()
      refreshed.catch(() => undefined)
    }
  }

  async #read(keyId: string): Promise<ApiKeyTable | null> {
    const row = await this.#db.kysely
      .selectFrom('api_key')
      .selectAll()
      .where('key_id', '=', keyId)
      .executeTakeFirst()
    this.#known.delete(keyId)
    if (row === undefined) return null
    this.#known.set(keyId, { row, readAt: this.#clock.monotonic(), refresh: null })
    if (this.#known.size > KNOWN_MAX) this.#known.delete(this.#known.keys().next().value!)
    return row
  }

  /** Once a minute, and never in the way of the request. */
  touch(keyId: string, atMs: number): Promise<void> {
    const last = this.#touched.get(keyId)
    if (last !== undefined && Math.abs(atMs - last) < TOUCH_MS) return Promise.resolve()
    this.#touched.delete(keyId)
    this.#touched.set(keyId, atMs)
    if (this.#touched.size > KNOWN_MAX) this.#touched.delete(this.#touched.keys().next().value!)
    this.#db.kysely
      .updateTable('api_key')
      .set({ last_used_at: atMs })
      .where('key_id', '=', keyId)
      .execute()
      .catch(() => this.#touched.delete(keyId))
    return Promise.resolve()
  }

  async create(key: NewKey): Promise<CreatedKey> {
    return await this.#db.transaction((tx) => this.#insert(tx, key))
  }

  async revoke(keyId: string): Promise<void> {
    const now = this.#clock.now()
    await this.#db.transaction(async (tx) => {
      await lockKeys(tx)
      const row = await tx
        .selectFrom('api_key')
        .select(['role', 'revoked_at'])
        .where('key_id', '=', keyId)
        .executeTakeFirst()
      if (row === undefined) throw new TapedeckError('NOT_FOUND', `There is no API key ${keyId}`)
      if (row.revoked_at !== null) return
      const admins = await usableAdmins(tx, this.#pepper, now)
      if (admins.length === 1 && admins[0] === keyId)
        throw new TapedeckError(
          'STATE_CONFLICT',
          `API key ${keyId} is the last one of an administrator; create another before you revoke it`,
        )
      await tx.updateTable('api_key').set({ revoked_at: now }).where('key_id', '=', keyId).execute()
    })
    this.#known.delete(keyId)
  }

  async ensureAdmin(key: NewKey, handOver: (text: string) => void): Promise<boolean> {
    return await this.#db.transaction(async (tx) => {
      await lockKeys(tx)
      const admins = await usableAdmins(tx, this.#pepper, this.#clock.now())
      if (admins.length > 0) return false
      const { text } = await this.#insert(tx, key)
      handOver(text)
      return true
    })
  }

  async #insert(tx: Keys, key: NewKey): Promise<CreatedKey> {
    const { keyId, text } = generateApiKey(key.environment)
    const row: ApiKeyTable = {
      key_id: keyId,
      hash: hashApiKey(text, this.#pepper),
      pepper_id: pepperId(this.#pepper),
      role: key.role,
      name: key.name,
      created_at: this.#clock.now(),
      created_by: key.createdBy,
      expires_at: key.expiresAt,
      revoked_at: null,
      last_used_at: null,
    }
    await tx.insertInto('api_key').values(row).execute()
    return { row, text }
  }
}

/** The store of a gateway. Keys are remembered for a second, and for longer only while Postgres is away or slow. */
export const createKeyStore = (db: Database<Tables>, pepper: string, clock: Clock): KeyStore =>
  new PostgresKeys(db, pepper, clock)
