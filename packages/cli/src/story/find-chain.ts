import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Message, TapedeckError, hasCode } from '@tapedeck/contracts'
import { type Database, openDatabase, sql } from '@tapedeck/database'
import { startPostgres } from '@tapedeck/dev'
import { keptReplays } from '../playback/index.ts'
import { type ApiClient, runningServices } from '../session/index.ts'

/** A recorded event with its place on the tape. */
export type RecordedEvent = Message & { readonly tape_seq: number }

export interface Chain {
  /** Where it was found: a URL or a folder. */
  readonly from: string
  readonly events: readonly RecordedEvent[]
}

type Journal = Database<Record<string, never>>

const EVENTS_MAX = 1_000
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The newest run's events about an id: by correlation, or through an event that is about it. */
const readChain = async (db: Journal, id: string): Promise<RecordedEvent[]> => {
  const { rows } = await sql<RecordedEvent>`
    with named as (
      select distinct correlation_id as id from event
      where correlation_id = ${id} or aggregate_id = ${id} or event_id = ${UUID.test(id) ? id : null}::uuid
      limit 50)
    select * from event
    where correlation_id = ${id} or aggregate_id = ${id} or correlation_id in (select id from named)
      or event_id = ${UUID.test(id) ? id : null}::uuid
    order by tape_seq limit ${EVENTS_MAX}`.execute(db.kysely)
  return rows
}

/** Setup events are recorded under the id of their chain: the one that an event belongs to, else the id itself. */
const chainInLedger = async (db: Journal, id: string): Promise<string> => {
  if (!UUID.test(id)) return id
  const ledger = sql.table('setup_generator.setup_event_ledger')
  const known = await sql<{ found: boolean }>`
    select to_regclass('setup_generator.setup_event_ledger') is not null as found`.execute(
    db.kysely,
  )
  if (known.rows[0]?.found !== true) return id
  const { rows } = await sql<{ setup_chain_id: string }>`
    select setup_chain_id from ${ledger} where setup_event_id = ${id} limit 1`.execute(db.kysely)
  return rows[0]?.setup_chain_id ?? id
}

const chainAtService = async (client: ApiClient, id: string): Promise<string> => {
  if (!UUID.test(id)) return id
  try {
    return (await client.get<{ setup_chain_id: string }>(`/v1/setup-events/${id}`)).setup_chain_id
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return id
    throw error
  }
}

/** Looks into the journal of a stack that does not run: its Postgres alone is started, and stopped again. */
const searchFolder = async (
  dataDir: string,
  id: string,
  useEnvironment: boolean,
  onProgress: (text: string) => void,
): Promise<RecordedEvent[]> => {
  const external = useEnvironment && (process.env['POSTGRES_URL'] ?? '') !== ''
  if (!external && !existsSync(join(dataDir, 'postgres'))) return []
  const server = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    useEnvironment,
    onProgress,
  })
  const db = openDatabase<Record<string, never>>({
    url: server.url,
    schema: 'journal',
    applicationName: 'tapedeck why',
    maxConnections: 1,
  })
  try {
    const { ok } = await db.ready()
    return ok ? await readChain(db, await chainInLedger(db, id)) : []
  } finally {
    await db.close()
    await server.stop()
  }
}

const fromServices = async (dataDir: string, id: string): Promise<Chain | null> => {
  const services = runningServices(dataDir)
  if (services === null) return null
  const journal = services.client('journal')
  try {
    const chain = await chainAtService(services.client('setup-generator'), id)
    const { data } = await journal.get<{ data: RecordedEvent[] }>(
      `/v1/events?id=${encodeURIComponent(chain)}`,
    )
    return { from: journal.url, events: data }
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return { from: journal.url, events: [] }
    throw error
  }
}

export interface Search {
  readonly id: string
  readonly mainDataDir: string
  /** Hears what is looked into before it is waited for. */
  readonly onProgress: (text: string) => void
}

/**
 * Finds the chain that an id belongs to: in the running session, else in the main data folder, then in the
 * kept replays, newest first. Throws NOT_FOUND naming where it looked.
 */
export const findChain = async ({ id, mainDataDir, onProgress }: Search): Promise<Chain> => {
  const looked: string[] = []
  const folders = [mainDataDir, ...keptReplays(mainDataDir)]
  for (const folder of folders) {
    onProgress(`Looking into ${folder}`)
    looked.push(folder)
    const chain =
      (await fromServices(folder, id)) ??
      ({
        from: folder,
        events: await searchFolder(folder, id, folder === mainDataDir, onProgress),
      } satisfies Chain)
    if (chain.events.length > 0) return { ...chain, events: newestRun(chain.events) }
  }
  throw new TapedeckError('NOT_FOUND', `no recorded event is about ${id}`, {
    hint: `Looked into ${looked.join(', ')}. An id is that of a setup, setup event, signal, decision, order, trade or event; --data names another folder.`,
  })
}

/** The same market played twice has the same ids in two runs: the one recorded last is told. */
const newestRun = (events: readonly RecordedEvent[]): RecordedEvent[] => {
  const { run_id: newest } = events.at(-1)!
  return events.filter(({ run_id }) => run_id === newest)
}
