import type { MessageType, ServiceName } from '@tapedeck/contracts'
import { openDatabase, sql } from '@tapedeck/database'
import { batonSubject } from '@tapedeck/runtime'
import { type BenchStack, withStack } from '../stack/with-stack.ts'
import { cpuSecondsBelow } from '../measure/process-tree.ts'
import { bareIngest } from './bare-ingest.ts'
import { waitUntil } from '../stack/wait-until.ts'

const PLAY_MS_MAX = 60_000
const SETTLE_MS_MAX = 60_000

export interface Played {
  /** From the first message of the run until the slowest of the named services had handled the last. */
  readonly seconds: number
  /** Until all trades were stored, and orderflow current to the last. */
  readonly secondsToOrderflow: number
  /** The same bytes and rows without anything in between, on the same servers; null when not asked for. */
  readonly bareSeconds: number | null
  /** CPU seconds of the services and of the servers; NaN where the kernel does not say. */
  readonly cpu: { readonly services: number; readonly nats: number; readonly postgres: number }
}

interface Stored {
  readonly rows: number
  readonly ids: number
  readonly first: number
  readonly last: number
}

const storedTrades = async (stack: BenchStack): Promise<Stored> => {
  const db = openDatabase({
    url: stack.roleUrls.ingest,
    schema: 'ingest',
    applicationName: 'bench',
    maxConnections: 1,
  })
  try {
    const { rows } =
      await sql<Stored>`select count(*)::int8 as rows, count(distinct id)::int8 as ids,
      min(id)::int8 as first, max(id)::int8 as last from trade`.execute(db.kysely)
    return rows[0]!
  } finally {
    await db.close()
  }
}

/** What each service reads to the end: handling the last of these is handling everything. */
const READS_LAST: Partial<Record<ServiceName, MessageType>> = {
  orderflow: 'market.clock',
  'setup-generator': 'orderflow.features',
  risk: 'market.clock',
  execution: 'market.clock',
  reconciler: 'market.clock',
  journal: 'market.run.ended',
}

/** Resolves when a service has handled the tape as far as it goes. */
const handled = async (stack: BenchStack, service: ServiceName): Promise<void> => {
  const type = READS_LAST[service]
  if (type === undefined) return
  const last = await stack.bus.tape.lastOf(`tape.${type}.>`)
  const request = new TextEncoder().encode(JSON.stringify({ up_to: last?.seq ?? 0 }))
  await stack.bus.request(batonSubject(service), request, SETTLE_MS_MAX)
}

/** Resolves when ingest has committed everything that it appended. */
const stored = async (stack: BenchStack, seq: number): Promise<void> => {
  const db = openDatabase({
    url: stack.roleUrls.ingest,
    schema: 'ingest',
    applicationName: 'bench',
    maxConnections: 1,
  })
  try {
    await waitUntil('the last checkpoint of ingest', SETTLE_MS_MAX, async () => {
      const { rows } = await sql<{ tape_seq: number }>`select tape_seq from checkpoint`.execute(
        db.kysely,
      )
      return rows[0]!.tape_seq >= seq ? true : null
    })
  } finally {
    await db.close()
  }
}

const cpuOf = ({ servers }: BenchStack): Played['cpu'] => {
  const { user, system } = process.cpuUsage()
  return {
    services: (user + system) / 1e6,
    nats: cpuSecondsBelow(servers.nats.pid ?? 0) ?? Number.NaN,
    postgres: cpuSecondsBelow(servers.postgres.pid ?? 0) ?? Number.NaN,
  }
}

const check = (found: Stored, trades: number): void => {
  const { rows, ids, first, last } = found
  if (rows === trades && ids === trades && first === 1 && last === trades) return
  throw new Error(
    `of ${trades} trades, ${rows} rows with ${ids} ids from ${first} to ${last} were stored`,
  )
}

/**
 * Plays an archive through the real services as fast as it goes, and checks that each trade was stored
 * exactly once.
 */
export const playArchive = async (
  folder: string,
  file: string,
  trades: number,
  services: readonly ServiceName[],
  withBare: boolean,
): Promise<Played> => {
  const ingest = {
    TAPEDECK_SOURCE: 'recording',
    TAPEDECK_SOURCE_FILES: JSON.stringify([file]),
    TAPEDECK_SOURCE_SYMBOL: 'BTCUSDT',
    TAPEDECK_SOURCE_SPEED: 'max',
    TAPEDECK_SOURCE_LOCKSTEP: 'false',
  }
  return await withStack({ folder, ingest, only: services }, async (stack) => {
    const cpuBefore = cpuOf(stack)
    const ended = await waitUntil(
      'the end of the run',
      PLAY_MS_MAX,
      async () => await stack.bus.tape.lastOf('tape.market.run.ended.>'),
    )
    await Promise.all([handled(stack, 'orderflow'), stored(stack, ended.seq)])
    const orderflowAt = Date.now()
    await Promise.all(services.map(async (service) => await handled(stack, service)))
    const endedAt = Date.now()
    const after = cpuOf(stack)
    const cpu = {
      services: after.services - cpuBefore.services,
      nats: after.nats - cpuBefore.nats,
      postgres: after.postgres - cpuBefore.postgres,
    }
    const started = await stack.bus.tape.lastOf('tape.market.run.started.>')
    const startedAt = started!.storedAt
    check(await storedTrades(stack), trades)
    return {
      seconds: (endedAt - startedAt) / 1000,
      secondsToOrderflow: (orderflowAt - startedAt) / 1000,
      bareSeconds: withBare ? await bareIngest(stack) : null,
      cpu,
    }
  })
}
