import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { CopySource } from './copy-source.ts'
import type { Logger } from './logger.ts'
import { preparedName } from './named-statement.ts'
import { isConnectionLoss, reasonOf, toOperatingError } from './operating-error.ts'
import { endQuerySpan, startQuerySpan, withTraceComment } from './query-span.ts'
import type { QueryTarget } from './query-span.ts'

type Result = Awaited<ReturnType<PostgresPoolClient['query']>>

/**
 * One connection as kysely sees it. Adds what kysely has no place for: named statements, spans, COPY,
 * operating errors, and never returning a doubtful connection to the pool.
 */
class Session {
  readonly #client: PoolClient
  readonly #target: QueryTarget
  #broken = false

  constructor(client: PoolClient, target: QueryTarget, logger: Logger) {
    this.#client = client
    this.#target = target
    // A checked-out client without a listener would end the process when its socket breaks.
    client.on('error', (error) => {
      this.#broken = true
      logger.warn({ reason: reasonOf(error) }, 'A Postgres connection was lost')
    })
  }

  get processID(): number | undefined {
    return (this.#client as { processID?: number }).processID
  }

  async query(text: string, parameters: readonly unknown[] = []): Promise<Result> {
    const name = preparedName(text)
    const span = startQuerySpan(this.#target, text, name)
    try {
      const result = await this.#run(text, parameters, name, span)
      endQuerySpan(span)
      return result
    } catch (error) {
      endQuerySpan(span, error)
      if (isConnectionLoss(error)) this.#broken = true
      throw toOperatingError(error, 'unknown')
    }
  }

  release(discard?: boolean): void {
    this.#client.release(this.#broken || discard === true)
  }

  async #run(
    text: string,
    parameters: readonly unknown[],
    name: string | undefined,
    span: ReturnType<typeof startQuerySpan>,
  ): Promise<Result> {
    const [source] = parameters
    if (source instanceof CopySource) {
      const rowCount = await source.sendTo(this.#client, text)
      return { command: 'INSERT', rowCount, rows: [] } as unknown as Result
    }
    const values = [...parameters]
    const query =
      name === undefined ? { text: withTraceComment(text, span), values } : { name, text, values }
    return (await this.#client.query(query)) as unknown as Result
  }
}

/** The driver's pool as kysely's dialect wants it, handing out `Session`s. */
export const sessionPool = (pool: Pool, target: QueryTarget, logger: Logger): PostgresPool => {
  const sessions = new WeakMap<PoolClient, Session>()
  const connect = async (): Promise<PostgresPoolClient> => {
    let client: PoolClient
    try {
      client = await pool.connect()
    } catch (error) {
      throw busyError(pool, error) ?? toOperatingError(error, 'not_sent')
    }
    let session = sessions.get(client)
    if (session === undefined) {
      session = new Session(client, target, logger)
      sessions.set(client, session)
    }
    return session as unknown as PostgresPoolClient
  }
  return { connect, end: () => pool.end(), options: pool.options }
}

/** The pool's timeout says "connect" also when every connection is simply in use; tell the two apart. */
const busyError = (pool: Pool, error: unknown): unknown => {
  const { max } = pool.options
  const busy = pool.totalCount >= max && pool.idleCount === 0 && pool.waitingCount >= 0
  if (!busy || !reasonOf(error).startsWith('timeout exceeded')) return undefined
  const message = `all ${max} connections are in use; raise maxConnections or shorten transactions`
  return toOperatingError(
    Object.assign(new Error(message, { cause: error }), { code: 'ETIMEDOUT' }),
    'not_sent',
  )
}
