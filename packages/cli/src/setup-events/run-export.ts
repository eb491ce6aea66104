import { createHash } from 'node:crypto'
import { FrozenSetupEvent, TapedeckError, type SetupState } from '@tapedeck/contracts'
import { FEATURE_SCHEMA_VERSION } from '@tapedeck/core'
import { EXIT } from '../exit-codes.ts'
import { gatewayClient, type ApiClient } from '../session/index.ts'
import { StatusLine, count, counted, printLine, say, type Terminal } from '../terminal/index.ts'
import { exportColumns } from './export-columns.ts'
import { ParquetFile } from './parquet-file.ts'

export interface ExportCommand {
  readonly output: string
  readonly start: number | undefined
  readonly end: number | undefined
  /** Default: the current one. */
  readonly featureSchemaVersion: string | undefined
  readonly state: SetupState
  readonly requireOutcome: boolean
  readonly symbol: string | undefined
  readonly timeframe: string | undefined
  readonly force: boolean
  readonly json: boolean
  readonly mainDataDir: string
}

const PATH = '/api/setup-generator/v1/setup-events/export'

type Page = { readonly events: readonly FrozenSetupEvent[]; readonly next: string | null }

const queryOf = (command: ExportCommand, version: string, cursor: string | null): string => {
  const query = {
    feature_schema_version: version,
    state: command.state,
    require_outcome: command.requireOutcome,
    start: command.start,
    end: command.end,
    symbol: command.symbol,
    timeframe: command.timeframe,
    cursor: cursor ?? undefined,
  }
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return new URLSearchParams(pairs).toString()
}

/** What a ledger says that its own hash does not prove is not handed to a model. */
const checkHash = (event: FrozenSetupEvent): void => {
  const found = createHash('sha256').update(event.feature_snapshot_text).digest('hex')
  if (found === event.feature_snapshot_hash) return
  throw new TapedeckError(
    'VALIDATION_FAILED',
    `setup event ${event.setup_event_id}: the hash of its snapshot is ${found}, recorded was ${event.feature_snapshot_hash}`,
    {
      hint: 'Its features were changed after they were recorded. Find out how before training on them.',
    },
  )
}

const noPage = (url: string, problem: string): TapedeckError =>
  new TapedeckError('UPSTREAM_UNAVAILABLE', `${url} answered no page of setup events: ${problem}`, {
    hint: 'Is it a gateway of this version?',
  })

const readPage = async (client: ApiClient, path: string): Promise<Page> => {
  const body = await client.get<{ data?: unknown; page?: { next_cursor?: unknown } } | null>(path)
  const next = body?.page?.next_cursor
  if (!Array.isArray(body?.data) || (next !== null && typeof next !== 'string'))
    throw noPage(client.url, 'expected data and page.next_cursor')
  const events = body.data.map((row: unknown, i) => {
    const parsed = FrozenSetupEvent.safeParse(row)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw noPage(client.url, `row ${i + 1}, ${issue?.path.join('.')}: ${issue?.message}`)
  })
  return { events, next }
}

/**
 * Writes the ledger's setup events of one feature schema version as Parquet, one row an event, oldest first.
 * Throws OUTPUT_EXISTS, UPSTREAM_UNAVAILABLE, and what the service says of the query.
 */
export const runExport = async (terminal: Terminal, command: ExportCommand): Promise<number> => {
  const client = gatewayClient(command.mainDataDir)
  const version = command.featureSchemaVersion ?? FEATURE_SCHEMA_VERSION
  const file = await ParquetFile.create({
    path: command.output,
    columns: exportColumns(version),
    featureSchemaVersion: version,
    force: command.force,
  })
  const line = new StatusLine({ terminal, now: () => performance.now() })
  try {
    let cursor: string | null = null
    do {
      const page: Page = await readPage(client, `${PATH}?${queryOf(command, version, cursor)}`)
      for (const event of page.events) {
        checkHash(event)
        await file.add(event)
      }
      line.show(`${count(file.rows)} events`)
      cursor = page.next
    } while (cursor !== null)
    await file.finish()
  } catch (error) {
    await file.abandon()
    throw error
  } finally {
    line.clear()
  }
  const told = { file: command.output, rows: file.rows, feature_schema_version: version }
  if (command.json) printLine(terminal, JSON.stringify(told))
  else say(terminal, `${counted(file.rows, 'event')} in ${command.output}`)
  if (file.rows === 0 && command.requireOutcome)
    say(
      terminal,
      'Only labeled events were asked for; --no-require-outcome takes all, and compressions never have a label.',
    )
  return EXIT.OK
}
