import { Semver, SetupEventsConfig, type SetupState } from '@tapedeck/contracts'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CommandContext } from './context.ts'
import {
  addConfig,
  addData,
  addJson,
  configPathOf,
  dataDirOf,
  examples,
  pathOf,
} from './settings.ts'

/** The transitions that are recorded; how a break attempt ended is its label. */
const RECORDED: readonly SetupState[] = ['compression_candidate', 'break_attempt']

type WatchedTimeframe = SetupEventsConfig['timeframes'][number]

interface ExportFlags {
  readonly output: string
  readonly start?: number
  readonly end?: number
  readonly featureSchemaVersion?: string
  readonly state: SetupState
  readonly requireOutcome: boolean
  readonly symbol?: string
  readonly timeframe?: string
  readonly force?: boolean
  readonly data?: string
  readonly json?: boolean
}

interface ScanFlags {
  readonly timeframe?: readonly WatchedTimeframe[]
  readonly symbol?: string
  readonly venue: string
  readonly output?: string
  readonly force?: boolean
  readonly config?: string
  readonly json?: boolean
}

/** A date (its start, UTC) or an instant, in ms. */
const instant = (text: string): number => {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/.test(text)
  const at = isDate || isInstant ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(at) && at >= 0 && new Date(at).toISOString().startsWith(text.slice(0, 10)))
    return at
  throw new InvalidArgumentError('Expected a date such as 2024-01-31, or 2024-01-31T12:00Z.')
}

const version = (text: string): string => {
  if (Semver.safeParse(text).success) return text
  throw new InvalidArgumentError('Expected a version such as 1.2.0.')
}

const timeframes = (text: string): readonly WatchedTimeframe[] => {
  const parsed = SetupEventsConfig.safeParse({ timeframes: text.split(',') })
  if (parsed.success) return parsed.data.timeframes
  throw new InvalidArgumentError('Expected some of 1m, 5m, 15m, 1h, 4h, each once, e.g. 15m,1h.')
}

const venue = (text: string): string => {
  if (/^[a-z0-9-]{1,32}$/.test(text)) return text
  throw new InvalidArgumentError('Expected a venue such as binance-spot.')
}

const addExport = (group: Command, context: CommandContext): void => {
  const command = group
    .command('export-parquet')
    .summary('the ledger of a running stack as Parquet, for training')
    .description(
      'Writes setup events of one feature schema version, one row an event, oldest first: what was known, frozen; its hash; its label. Features are one column each and stand again in feature_snapshot as the text that the hash is of.',
    )
    .requiredOption('--output <file>', 'Parquet file to write')
    .option('--start <date>', 'earliest time, inclusive, UTC', instant)
    .option('--end <date>', 'latest time, exclusive, UTC', instant)
    .option(
      '--feature-schema-version <version>',
      'versions are never pooled: one a file (default: the current one)',
      version,
    )
    .addOption(
      new Option('--state <state>', 'which transitions').choices(RECORDED).default('break_attempt'),
    )
    .option('--require-outcome', 'only events that have their label (default)', true)
    .option('--no-require-outcome', 'events without a label too')
    .option('--symbol <symbol>', 'only of this symbol')
    .option('--timeframe <timeframe>', 'only of this timeframe')
    .option('--force', 'replace the file')
  addJson(addData(command))
    .addHelpText(
      'after',
      examples(
        'tapedeck setup-events export-parquet --output events.parquet',
        'tapedeck setup-events export-parquet --output all.parquet --state compression_candidate --no-require-outcome',
      ),
    )
    .action(async (flags: ExportFlags) => {
      const { runExport } = await import('../setup-events/index.ts')
      const { start, end, symbol, timeframe, state, requireOutcome, featureSchemaVersion } = flags
      context.finish(
        await runExport(context.terminal, {
          output: pathOf(flags.output),
          start,
          end,
          featureSchemaVersion,
          state,
          requireOutcome,
          symbol,
          timeframe,
          force: flags.force === true,
          json: flags.json === true,
          mainDataDir: dataDirOf(flags),
        }),
      )
    })
}

const addScan = (group: Command, context: CommandContext): void => {
  const command = group
    .command('scan')
    .summary('find and label setup events in files, without any server')
    .description(
      'Runs the code of the services over klines, recordings or tapes, and prints what was counted per symbol, timeframe and year. Klines need no configured instrument; their symbol is told by the name of the file (BTCUSDT-1h.csv), by SYMBOL=file, or by --symbol.',
    )
    .argument('<files...>', 'klines in order, recordings of one session, or folders of tapes')
    .option('--timeframe <list>', 'timeframes to watch (default: as configured)', timeframes)
    .option('--symbol <symbol>', 'whose klines these are')
    .option('--venue <venue>', 'where klines were traded; part of the ids', venue, 'binance-spot')
    .option('--output <file>', 'write the events as Parquet')
    .option('--force', 'replace the file')
  addJson(addConfig(command))
    .addHelpText(
      'after',
      examples(
        'tapedeck setup-events scan BTCUSDT-1h-2024.csv --output events.parquet',
        'tapedeck setup-events scan BTC=btc.csv.gz ETH=eth.csv.gz --timeframe 1h --json | jq .groups',
      ),
    )
    .action(async (files: string[], flags: ScanFlags) => {
      const { runScan } = await import('../setup-events/index.ts')
      context.finish(
        await runScan(context.terminal, {
          files,
          symbol: flags.symbol,
          venue: flags.venue,
          timeframes: flags.timeframe,
          output: flags.output === undefined ? undefined : pathOf(flags.output),
          force: flags.force === true,
          configPath: configPathOf(flags),
          json: flags.json === true,
        }),
      )
    })
}

/** Commands about setup events: what a model is trained on. */
export const addSetupEventsCommands = (program: Command, context: CommandContext): void => {
  const group = program
    .command('setup-events')
    .summary('setup events with frozen features: export, or find them in files')
    .description(
      'Setup events: compressions, break attempts and what became of them, for research.',
    )
  addExport(group, context)
  addScan(group, context)
}
