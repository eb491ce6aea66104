import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { type Message, isType } from '@tapedeck/contracts'
import { type Database, copyLines, openDatabase, provisionService, sql } from '@tapedeck/database'
import type { BenchStack } from '../stack/with-stack.ts'

const IN_FLIGHT = 64
const ROWS_A_COMMIT = 50_000
const STREAM = 'BARE'
const COLUMNS = [
  'run_id',
  'venue',
  'symbol',
  'id',
  'price',
  'quantity',
  'time',
  'maker',
  'excluded',
]

interface Load {
  /** What ingest put on the tape, byte for byte. */
  readonly messages: readonly Uint8Array[]
  /** The rows of its trades as COPY text, a commit's worth each. */
  readonly commits: readonly (readonly string[])[]
}

/** Takes the load off the tape of a run that has ended, so that nothing of it is made while timed. */
const loadOf = async ({ bus }: BenchStack): Promise<Load> => {
  const messages: Uint8Array[] = []
  const commits: string[][] = [[]]
  let rows = 0
  const reading = bus.tape.read({
    after: 0,
    subjects: ['tape.market.>'],
    onBatch: (batch) => {
      for (const raw of batch) {
        messages.push(raw.bytes)
        const decoded = raw.decoded()
        const message = decoded.ok ? (decoded.envelope as Message) : null
        if (message === null || !isType(message, 'market.trades')) continue
        const { venue, symbol, id, price_ticks, quantity_lots, time, maker } = message.payload
        const start = `${message.run_id}\t${venue}\t${symbol}\t`
        const lines = id.map((one, i) => {
          const flag = maker[i] === 1 ? 't' : 'f'
          return `${start}${one}\t${price_ticks[i]! / 10}\t${quantity_lots[i]! / 1000}\t${time[i]}\t${flag}\tf\n`
        })
        if (rows >= ROWS_A_COMMIT) {
          commits.push([])
          rows = 0
        }
        commits.at(-1)!.push(lines.join(''))
        rows += id.length
      }
      return Promise.resolve()
    },
  })
  await reading.passed(await bus.tape.lastSeq())
  await reading.stop()
  return { messages, commits }
}

const publishAll = async ({ servers }: BenchStack, messages: Load['messages']): Promise<void> => {
  const { nats } = servers
  const nc = await connect({ servers: nats.url, ...nats.login('admin') })
  try {
    const js = jetstream(nc)
    const streams = (await jetstreamManager(nc)).streams
    await streams.add({ name: STREAM, subjects: ['bare.>'], max_bytes: 4e9 })
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < messages.length) await js.publish('bare.market', messages[next++])
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
  } finally {
    await nc.close()
  }
}

const copyAll = async (db: Database<never>, commits: Load['commits']): Promise<void> => {
  for (const lines of commits) await copyLines(db, 'bare_trade', COLUMNS, lines)
}

const openBare = async ({ servers }: BenchStack): Promise<Database<never>> => {
  const { url, schema } = await provisionService({
    adminUrl: servers.postgres.url,
    service: 'bench',
    password: crypto.randomUUID(),
    migrations: {},
  })
  const db = openDatabase<never>({ url, schema, applicationName: 'bench', maxConnections: 1 })
  await sql`create table bare_trade (
    run_id uuid not null, venue text not null, symbol text not null, id bigint not null,
    price numeric not null, quantity numeric not null, time bigint not null,
    maker boolean not null, excluded boolean not null)`.execute(db.kysely)
  await sql`create index on bare_trade using brin (time)`.execute(db.kysely)
  return db
}

/**
 * The same bytes published with an acknowledgement each, 64 under way, and the same rows copied, side by side,
 * on the same servers: what any program has to wait for. Seconds.
 */
export const bareIngest = async (stack: BenchStack): Promise<number> => {
  const { messages, commits } = await loadOf(stack)
  const db = await openBare(stack)
  try {
    const start = performance.now()
    await Promise.all([publishAll(stack, messages), copyAll(db, commits)])
    return (performance.now() - start) / 1000
  } finally {
    await db.close()
  }
}
