import {
  TIMEFRAME_MS,
  TapedeckError,
  hasCode,
  type SetupEventsConfig,
  type Timeframe,
  type TradingConfig,
} from '@tapedeck/contracts'
import { ENGINE_SEMVER, FEATURE_SCHEMA_VERSION } from '@tapedeck/core'
import { loadTradingConfig } from '@tapedeck/runtime'
import { EXIT, exitCodeOf } from '../exit-codes.ts'
import { StatusLine, count, counted, printLine, say, type Terminal } from '../terminal/index.ts'
import { exportColumns } from './export-columns.ts'
import type { ExportedEvent } from './export-row.ts'
import { ParquetFile } from './parquet-file.ts'
import { printCounts } from './print-counts.ts'
import { expectancy, type ScanCounts } from './scan-counts.ts'
import { openSources, type BarSource } from './scan-sources.ts'
import { SetupScan } from './setup-scan.ts'

export interface ScanCommand {
  readonly files: readonly string[]
  readonly symbol: string | undefined
  readonly venue: string
  readonly timeframes: readonly SetupEventsConfig['timeframes'][number][] | undefined
  readonly output: string | undefined
  readonly force: boolean
  readonly configPath: string
  readonly json: boolean
}

/** Bars of a longer base cannot show a shorter timeframe: asked for, that is a mistake; by default it is left out. */
const watchable = (
  asked: ScanCommand['timeframes'],
  config: SetupEventsConfig,
  source: BarSource,
): SetupEventsConfig => {
  const fits = (timeframe: Timeframe): boolean =>
    TIMEFRAME_MS[timeframe] >= TIMEFRAME_MS[source.base as Timeframe]
  const timeframes = (asked ?? config.timeframes).filter(fits)
  const lost = asked?.find((timeframe) => !fits(timeframe))
  if (lost !== undefined || timeframes.length === 0)
    throw new TapedeckError(
      'RECORDING_INVALID',
      `${source.name}: bars of ${source.base} cannot show ${lost ?? config.timeframes.join(', ')}`,
      { hint: 'Name timeframes that are as long or longer with --timeframe.' },
    )
  return { ...config, enabled: true, timeframes }
}

type Outcome = { readonly groups: ScanCounts[]; readonly damage: TapedeckError | null }

/** Reads one market. What was found before a bad place is kept, and the place is told. */
const scanSource = async (
  source: BarSource,
  config: SetupEventsConfig,
  take: (events: readonly ExportedEvent[]) => Promise<void>,
  onBars: (bars: number) => void,
): Promise<Outcome> => {
  const scan = new SetupScan(config)
  let damage: TapedeckError | null = null
  try {
    await source.read(async (bars) => {
      for (const bar of bars) await take(scan.push(bar))
      onBars(bars.length)
    })
  } catch (error) {
    if (!hasCode(error, 'RECORDING_INVALID') && !hasCode(error, 'TAPE_FILE_INVALID')) throw error
    damage = error
  }
  await take(scan.finish())
  return { groups: scan.tally.groups, damage }
}

const scanAll = async (
  terminal: Terminal,
  command: ScanCommand,
  trading: TradingConfig,
  file: ParquetFile | null,
): Promise<Outcome> => {
  const line = new StatusLine({ terminal, now: () => performance.now() })
  const groups: ScanCounts[] = []
  let bars = 0
  try {
    const sources = await openSources({ ...command, trading: () => trading })
    for (const source of sources) {
      const config = watchable(command.timeframes, trading.setup_events, source)
      const take = async (events: readonly ExportedEvent[]): Promise<void> => {
        for (const event of events) await file?.add(event)
      }
      const found = await scanSource(source, config, take, (read) => {
        bars += read
        line.show(`${source.name}: ${count(bars)} bars`)
      })
      groups.push(...found.groups)
      if (found.damage !== null) return { groups, damage: found.damage }
    }
    return { groups, damage: null }
  } finally {
    line.clear()
  }
}

const print = (
  terminal: Terminal,
  { groups }: Outcome,
  command: ScanCommand,
  file: ParquetFile | null,
): void => {
  if (!command.json) {
    printCounts(terminal, groups)
    if (file !== null) say(terminal, `${counted(file.rows, 'event')} in ${command.output}`)
    return
  }
  printLine(
    terminal,
    JSON.stringify({
      engine_semver: ENGINE_SEMVER,
      feature_schema_version: FEATURE_SCHEMA_VERSION,
      groups: groups.map((counts) => ({ ...counts, mean_r: expectancy(counts) })),
      output: file === null ? null : { file: command.output, rows: file.rows },
    }),
  )
}

/**
 * Finds setup events and labels them over files, without any server, and prints what was counted. 3 when
 * a file is damaged; what lies before the bad place is counted and written all the same.
 */
export const runScan = async (terminal: Terminal, command: ScanCommand): Promise<number> => {
  const trading = loadTradingConfig(command.configPath)
  const { output, force } = command
  const file =
    output === undefined
      ? null
      : await ParquetFile.create({
          path: output,
          columns: exportColumns(),
          featureSchemaVersion: FEATURE_SCHEMA_VERSION,
          force,
        })
  let found: Outcome
  try {
    found = await scanAll(terminal, command, trading, file)
    await file?.finish()
  } catch (error) {
    await file?.abandon()
    throw error
  }
  print(terminal, found, command, file)
  if (found.damage === null) return EXIT.OK
  say(terminal, `stopped at a bad place: ${found.damage.message}`)
  say(terminal, `${found.damage.hint} [${found.damage.code}]`)
  return exitCodeOf(found.damage.code)
}
