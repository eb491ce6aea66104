import { type Command, InvalidArgumentError } from 'commander'
import type { CommandContext } from './context.ts'
import {
  addConfig,
  addJson,
  configPathOf,
  examples,
  pathOf,
  repeated,
  wholeNumber,
} from './settings.ts'

interface ReportFlags {
  readonly data: readonly string[]
  readonly config?: string
  readonly symbol?: string
  readonly periodsPerYear: number
  readonly riskFree: number
  readonly seed: number
  readonly force?: boolean
  readonly json?: boolean
}

const percent = (text: string): number => {
  const value = Number(text)
  if (/^-?\d{1,3}(\.\d{1,6})?$/.test(text)) return value
  throw new InvalidArgumentError('Expected percent a year, such as 4.')
}

const addReport = (program: Command, context: CommandContext): void => {
  const command = program
    .command('report')
    .summary('draw the result of a backtest as one page')
    .description(
      'Writes report.html and metrics.json of a result anew: with other conventions, or with pictures of the trades and the footprint around their entries, read from the market data that was played.',
    )
    .argument('<folder>', 'folder that backtest --out wrote')
    .option('--data <path>', 'tape or recording that was played; may be repeated', repeated, [])
    .option('--symbol <symbol>', 'symbol that was played, where a recording has several')
    .option(
      '--periods-per-year <days>',
      '365 where trading never stops; below that, days without a result do not count',
      wholeNumber(1, 366),
      365,
    )
    .option('--risk-free <percent>', 'risk-free rate a year, in percent', percent, 0)
    .option('--seed <number>', 'of resampling', wholeNumber(0, 2_147_483_647), 1)
    .option('--force', 'overwrite the report that is there')
  addJson(addConfig(command))
    .addHelpText(
      'after',
      examples(
        'tapedeck report results/btc --data tapes/btc --force',
        'tapedeck report results/spy --periods-per-year 252 --risk-free 4 --force --json | jq .performance.returns',
      ),
    )
    .action(async (folder: string, flags: ReportFlags) => {
      const { runReport } = await import('../report/index.ts')
      context.finish(
        await runReport(context.terminal, {
          folder: pathOf(folder),
          data: flags.data,
          configPath: configPathOf(flags),
          symbol: flags.symbol,
          periodsPerYear: flags.periodsPerYear,
          riskFreePercent: flags.riskFree,
          seed: flags.seed,
          force: flags.force === true,
          json: flags.json === true,
        }),
      )
    })
}

interface LookaheadFlags {
  readonly strategy: string
  readonly config?: string
  readonly symbol?: string
  readonly venue?: string
  readonly cuts: number
  readonly seed: number
  readonly json?: boolean
}

const addLookahead = (program: Command, context: CommandContext): void => {
  const command = program
    .command('lookahead')
    .summary('does a strategy know the future?')
    .description(
      'Plays data again and again, each time with everything after some moment replaced by garbage. What was measured and decided up to that moment has to stay, byte for byte. Exit code 1 when something changed, with the first field that did; docs/research/look-ahead.md says what this proves and what it cannot.',
    )
    .argument('<paths...>', 'one tape, recordings of one session in order, or klines')
    .option(
      '--strategy <name>',
      'order_flow, a strategy on bars (donchian, turtle), or the path of a module',
      'order_flow',
    )
    .option('--symbol <symbol>', 'symbol to play, where a recording has several or does not say')
    .option('--venue <venue>', 'venue of files of bars, which do not say')
    .option('--cuts <number>', 'futures to replace', wholeNumber(1, 1000), 10)
    .option('--seed <number>', 'of moments and garbage', wholeNumber(0, 2_147_483_647), 1)
  addJson(addConfig(command))
    .addHelpText(
      'after',
      examples(
        'tapedeck lookahead data/recordings/btcusdt-usdm-20260105.ws.gz',
        'tapedeck lookahead BTCUSDT-1h-2024-01.zip --strategy ./my-strategy.ts --cuts 50',
      ),
    )
    .action(async (paths: string[], flags: LookaheadFlags) => {
      const { runLookahead } = await import('../lookahead/index.ts')
      context.finish(
        await runLookahead(context.terminal, {
          paths,
          strategy: flags.strategy,
          configPath: configPathOf(flags),
          symbol: flags.symbol,
          venue: flags.venue,
          cuts: flags.cuts,
          seed: flags.seed,
          json: flags.json === true,
        }),
      )
    })
}

/** Commands that judge a backtest: what it was worth, and whether it was honest. */
export const addReportCommands = (program: Command, context: CommandContext): void => {
  addReport(program, context)
  addLookahead(program, context)
}
