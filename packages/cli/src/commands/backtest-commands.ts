import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import {
  addConfig,
  addJson,
  configPathOf,
  examples,
  moment,
  pathOf,
  repeated,
  wholeNumber,
} from './settings.ts'

interface BacktestFlags {
  readonly config?: string
  readonly symbol?: string
  readonly venue?: string
  readonly from?: number
  readonly to?: number
  readonly warmUp: number
  readonly set: readonly string[]
  readonly strategy: string
  readonly out?: string
  readonly messages?: string
  readonly force?: boolean
  readonly json?: boolean
}

const MINUTE_MS = 60_000

const addBacktest = (program: Command, context: CommandContext): void => {
  const command = program
    .command('backtest')
    .summary('play tapes or recordings through the brain alone')
    .description(
      'Plays market data through the deciders of the services in this process, without any server: the same decisions, fills and trades as a replay. Exit code 3 when the data is damaged; what was made before that counts.',
    )
    .argument('<paths...>', 'tape folders, or recordings of one session in order')
    .option('--symbol <symbol>', 'symbol to play, where a recording has several or does not say')
    .option('--venue <venue>', 'venue of files of bars, which do not say')
    .option('--from <when>', 'day or time (UTC) from which it trades', moment)
    .option('--to <when>', 'day or time (UTC) before which it ends', moment)
    .option(
      '--warm-up <minutes>',
      'played before --from with trading halted, so that measures are there',
      wholeNumber(0, 100_000),
      0,
    )
    .option(
      '--set <key=value>',
      'a key of the trading configuration, or of the strategy; may be repeated',
      repeated,
      [],
    )
    .option(
      '--strategy <name>',
      'order_flow, a strategy on bars (donchian, turtle), or the path of a module',
      'order_flow',
    )
    .option('--out <folder>', 'write result.json, metrics.json and report.html there')
    .option('--messages <file>', 'write every decision as one JSON object a line')
    .option('--force', 'overwrite what is there')
  addJson(addConfig(command))
    .addHelpText(
      'after',
      examples(
        'tapedeck backtest data/recordings/btcusdt-usdm-20260105.ws.gz',
        'tapedeck backtest tapes/btc --from 2026-01-05 --warm-up 1440 --out results/btc',
        'tapedeck backtest tapes/btc --set strategy.trend.reward_ratio=2 --json | jq .counts',
      ),
    )
    .action(async (paths: string[], flags: BacktestFlags) => {
      const { runBacktestCommand } = await import('../backtest/index.ts')
      context.finish(
        await runBacktestCommand(context.terminal, {
          paths,
          configPath: configPathOf(flags),
          symbol: flags.symbol,
          venue: flags.venue,
          from: flags.from,
          to: flags.to,
          warmUpMs: flags.warmUp * MINUTE_MS,
          set: flags.set,
          strategy: flags.strategy,
          out: flags.out === undefined ? undefined : pathOf(flags.out),
          messages: flags.messages === undefined ? undefined : pathOf(flags.messages),
          force: flags.force === true,
          json: flags.json === true,
        }),
      )
    })
}

/** Commands that play market data through the brain alone. */
export const addBacktestCommands = (program: Command, context: CommandContext): void => {
  addBacktest(program, context)
}
