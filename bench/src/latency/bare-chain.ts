import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { namedStatement, openDatabase, provisionService, sql } from '@tapedeck/database'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Servers } from '@tapedeck/stack'

/** What the stack sends at 2,000 trades a second of the busy market: market messages, and chains. */
const MARKET_A_SECOND = 470
const CHAIN_MS = 130
/** Bytes of what each hop appends: features, a signal, an approval, an order. */
const HOPS = [5_200, 2_400, 3_600, 1_600] as const
const MARKET_BYTES = 900
const STREAM = 'BARE'

interface Row {
  readonly chain: number
  readonly startedAt: number
}

/** One message after the other: consume, publish the next; the last hop commits a row before. */
const runChains = async (
  servers: Servers,
  commit: (chain: number) => Promise<unknown>,
  seconds: number,
): Promise<number[]> => {
  const nc = await connect({ servers: servers.nats.url, ...servers.nats.login('admin') })
  const js = jetstream(nc)
  const jsm = await jetstreamManager(nc)
  await jsm.streams.add({ name: STREAM, subjects: ['bare.>'], max_bytes: 1e9 })
  await jsm.consumers.add(STREAM, {
    name: 'all',
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.All,
    mem_storage: true,
  })
  const consumer = await js.consumers.get(STREAM, 'all')
  const [latencies, errors]: [number[], unknown[]] = [[], []]
  const publish = (hop: number, row: Row): Promise<unknown> =>
    js.publish(
      `bare.hop.${hop}`,
      JSON.stringify({ ...row, pad: 'x'.repeat(HOPS[hop - 1] ?? MARKET_BYTES) }),
    )
  const take = async (hop: number, row: Row): Promise<void> => {
    if (hop === HOPS.length - 1) await commit(row.chain)
    await publish(hop + 1, row)
    if (hop === HOPS.length - 1) latencies.push(performance.now() - row.startedAt)
  }
  const messages = await consumer.consume({
    max_messages: 1_000,
    callback: (message) => {
      const row = message.json<Row>()
      const hop = Number(message.subject.slice('bare.hop.'.length))
      if (message.subject.startsWith('bare.hop.') && hop < HOPS.length)
        take(hop, row).catch((error: unknown) => errors.push(error))
    },
  })
  const market = JSON.stringify({ pad: 'x'.repeat(MARKET_BYTES) })
  const deadline = performance.now() + seconds * 1_000
  let [chain, sent, nextChain] = [0, 0, performance.now()]
  const begin = performance.now()
  while (performance.now() < deadline) {
    const due = Math.floor(((performance.now() - begin) / 1_000) * MARKET_A_SECOND)
    for (; sent < due; sent++)
      js.publish('bare.market', market).catch((e: unknown) => errors.push(e))
    if (performance.now() >= nextChain) {
      nextChain += CHAIN_MS
      chain++
      publish(0, { chain, startedAt: performance.now() }).catch((e: unknown) => errors.push(e))
    }
    await sleep(1)
  }
  await sleep(200)
  await messages.close()
  await nc.drain()
  if (errors.length > 0) throw errors[0]
  return latencies
}

/**
 * The same hops and the same one commit with nothing in between, in one process on the same servers:
 * market message, features, signal, approval, order; at the same rate of other messages. Latencies in ms.
 */
export const bareChain = async (servers: Servers, seconds: number): Promise<number[]> => {
  const { url, schema } = await provisionService({
    adminUrl: servers.postgres.url,
    service: 'bench',
    password: crypto.randomUUID(),
    migrations: {},
  })
  const db = openDatabase({ url, schema, applicationName: 'bench', maxConnections: 2 })
  try {
    await sql`create table bare (id bigint primary key, bytes bytea not null)`.execute(db.kysely)
    const insert = namedStatement<never>('bare', 'insert into bare (id, bytes) values ($1, $2)')
    const bytes = Buffer.alloc(3_000, 'x')
    return await runChains(servers, (chain) => insert(db, [chain, bytes]), seconds)
  } finally {
    await db.close()
  }
}
