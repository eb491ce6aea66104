import { availableParallelism } from 'node:os'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { SearchCommand } from '../walk-forward/index.ts'
import type { CommandContext } from './context.ts'
import {
  addConfig,
  addData,
  addJson,
  configPathOf,
  dataDirOf,
  examples,
  moment,
  pathOf,
  positiveNumber,
  wholeNumber,
} from './settings.ts'

const DAY_MS = 86_400_000

interface SearchFlags {
  readonly data?: string
  readonly config?: string
  readonly strategy: string
  readonly venue?: string
  readonly param: readonly string[]
  readonly space?: string
  readonly search: 'grid' | 'random' | 'latin'
  readonly maxTrials: number
  readonly objective: string
  readonly minTrades: number
  readonly from?: number
  readonly to?: number
  readonly warmUp: number
  readonly period?: number
  readonly seed: number
  readonly workers?: number
  readonly nats?: string
  readonly trialLimit: number
  readonly heap: number
  readonly out?: string
  readonly force?: boolean
  readonly json?: boolean
}

interface WindowFlags extends SearchFlags {
  readonly mode: 'rolling' | 'anchored' | 'folds'
  readonly train?: number
  readonly test?: number
  readonly step?: number
  readonly windows: number
  readonly trainShare: number
  readonly embargo: number
}

const lengthInDays = (text: string): number => Math.round(positiveNumber(text) * DAY_MS)
const daysOrNone = (text: string): number => (text === '0' ? 0 : lengthInDays(text))

const share = (text: string): number => {
  const value = Number(text)
  if (/^0?\.\d{1,6}$/.test(text) && value > 0 && value < 1) return value
  throw new InvalidArgumentError('Expected a share above 0, below 1, such as 0.8.')
}

const collect = (text: string, before: readonly string[]): string[] => [...before, text]

const addLimits = (command: Command): Command =>
  command
    .option(
      '--trial-limit <seconds>',
      'longest that one trial may take',
      wholeNumber(1, 86_400),
      600,
    )
    .option('--heap <MB>', 'memory of one trial', wholeNumber(64, 65_536), 2_048)

const addSearch = (command: Command): Command => {
  command
    .argument('<data...>', 'a tape, or files of bars (SYMBOL=file names the symbol)')
    .option('--strategy <name>', 'order_flow (tape), a bar strategy, or a module', 'order_flow')
    .option('--venue <name>', 'venue of the bars, where several have the symbol')
    .option(
      '--param <parameter>',
      'what to turn: key=low..high:step, key=low..high*points (log scale), key=a,b,c, or key as its strategy declares; a key with a dot is one of the configuration. Repeat for more',
      collect,
      [],
    )
    .option('--space <file>', 'more parameters, as JSON')
    .addOption(
      new Option('--search <way>', 'how points are chosen')
        .choices(['grid', 'random', 'latin'])
        .default('grid'),
    )
    .option('--max-trials <n>', 'most points to try', wholeNumber(1, 1_000_000), 10_000)
    .option('--objective <metric>', 'figure that is best when largest', 'sharpe')
    .option('--min-trades <n>', 'a trial with fewer is not chosen', wholeNumber(0, 1_000_000), 10)
    .option('--from <day>', 'start of the data to use, UTC', moment)
    .option('--to <day>', 'end of the data to use, UTC (exclusive)', moment)
    .option('--warm-up <days>', 'market before each range that measures see', daysOrNone, 0)
    .option('--period <minutes>', 'period of returns (default: a day)', wholeNumber(1, 1_440))
    .option('--seed <n>', 'of random choices', wholeNumber(0, 2_147_483_647), 1)
    .option('--workers <n>', 'worker processes here (default: cores less one)', wholeNumber(0, 256))
    .option('--nats <url>', 'a queue that other machines serve too (default: one of its own)')
    .option('--out <folder>', 'write the result there')
    .option('--force', 'replace what is there')
  return addJson(addLimits(addData(addConfig(command))))
}

const searchOf = (data: readonly string[], flags: SearchFlags): SearchCommand => ({
  data,
  strategy: flags.strategy,
  venue: flags.venue,
  configPath: configPathOf(flags),
  params: flags.param,
  spaceFile: flags.space === undefined ? undefined : pathOf(flags.space),
  search: flags.search,
  maxTrials: flags.maxTrials,
  objective: flags.objective,
  minTrades: flags.minTrades,
  from: flags.from,
  to: flags.to,
  warmUpMs: flags.warmUp,
  periodMs: flags.period === undefined ? undefined : flags.period * 60_000,
  seed: flags.seed,
  workers: flags.workers ?? Math.max(1, availableParallelism() - 1),
  nats: flags.nats,
  dataDir: dataDirOf(flags),
  trialLimitS: flags.trialLimit,
  heapMb: flags.heap,
  out: flags.out === undefined ? undefined : pathOf(flags.out),
  force: flags.force === true,
  json: flags.json === true,
})

const addOptimize = (program: Command, context: CommandContext): void => {
  const command = program
    .command('optimize')
    .summary('try parameters over a range of data')
    .description(
      'Runs a backtest for each choice of parameters, on worker processes, and ranks them. What is best here is best in hindsight: walk-forward says what it is worth. A search that is stopped goes on when it is started again.',
    )
  addSearch(command)
    .addHelpText(
      'after',
      examples(
        'tapedeck optimize BTCUSDT-1h.csv --strategy donchian --param entry=20..60:10',
        'tapedeck optimize tape/ --param strategy.cooldown_ms=60000..600000*4',
      ),
    )
    .action(async (data: string[], flags: SearchFlags) => {
      const { runOptimizeCommand } = await import('../walk-forward/index.ts')
      context.finish(await runOptimizeCommand(context.terminal, searchOf(data, flags)))
    })
}

const lengthsOf = (flags: WindowFlags) => {
  const { train, test, step, mode } = flags
  if (test !== undefined && (train !== undefined || mode === 'folds')) {
    return { trainMs: train ?? test, testMs: test, ...(step === undefined ? {} : { stepMs: step }) }
  }
  return { windows: flags.windows, trainShare: flags.trainShare }
}

const addWalkForward = (program: Command, context: CommandContext): void => {
  const command = program
    .command('walk-forward')
    .summary('choose parameters on one part, judge on the next')
    .description(
      'Cuts the data into windows; in each, parameters are chosen on the training part and judged on the test part, which they have not seen. The tests, stitched together, are what the strategy is worth. A search that is stopped goes on when it is started again.',
    )
    .addOption(
      new Option('--mode <mode>', 'training moves, grows, or is all the rest')
        .choices(['rolling', 'anchored', 'folds'])
        .default('rolling'),
    )
    .option('--windows <n>', 'windows that fill the data', wholeNumber(1, 10_000), 6)
    .option('--train-share <share>', 'training as a share of each window', share, 0.8)
    .option('--train <days>', 'length of training, with --test, instead of --windows', lengthInDays)
    .option('--test <days>', 'length of a test', lengthInDays)
    .option('--step <days>', 'from test to test (default: as long as a test)', lengthInDays)
    .addOption(
      new Option('--embargo <days>', 'left out between training and test')
        .argParser(daysOrNone)
        .default(DAY_MS, '1'),
    )
  addSearch(command)
    .addHelpText(
      'after',
      examples(
        'tapedeck walk-forward BTCUSDT-1h.csv --strategy donchian --param entry --param exit',
        'tapedeck walk-forward tape/ --train 90 --test 21 --param strategy.cooldown_ms=0,300000',
      ),
    )
    .action(async (data: string[], flags: WindowFlags) => {
      if ((flags.train === undefined) !== (flags.test === undefined) && flags.mode !== 'folds') {
        command.error('error: --train and --test go together.', { exitCode: 2 })
      }
      const { runWalkForwardCommand } = await import('../walk-forward/index.ts')
      const windows = { mode: flags.mode, lengths: lengthsOf(flags), embargoMs: flags.embargo }
      context.finish(
        await runWalkForwardCommand(context.terminal, { ...searchOf(data, flags), windows }),
      )
    })
}

interface WorkerFlags {
  readonly nats?: string
  readonly tapes: readonly string[]
  readonly concurrency: number
  readonly trialLimit: number
  readonly heap: number
}

const addWorker = (program: Command, context: CommandContext): void => {
  const command = program
    .command('worker')
    .summary('do trials for searches on other machines')
    .description(
      'Takes trials from the queue on a NATS server until it is stopped. It gets everything with the trial but the data, which it knows by its contents.',
    )
    .option('--nats <url>', 'nats://user:password@host:port (default: NATS_URL)')
    .requiredOption('--tapes <folders...>', 'folders with tapes and files of bars, or one of them')
    .option('--concurrency <n>', 'trials at a time', wholeNumber(1, 256), 1)
  addLimits(command)
    .addHelpText('after', examples('tapedeck worker --nats nats://10.0.0.5:4222 --tapes tapes/'))
    .action(async (flags: WorkerFlags) => {
      const { runWorker } = await import('../walk-forward/index.ts')
      context.finish(
        await runWorker(context.terminal, {
          nats: flags.nats,
          tapes: flags.tapes.map(pathOf),
          concurrency: flags.concurrency,
          trialLimitS: flags.trialLimit,
          heapMb: flags.heap,
        }),
      )
    })
}

/** Commands that search: parameters, on one machine or many. */
export const addSearchCommands = (program: Command, context: CommandContext): void => {
  addOptimize(program, context)
  addWalkForward(program, context)
  addWorker(program, context)
}
