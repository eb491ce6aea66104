import { type Command, Option } from 'commander'
import { whileLoading } from '../terminal/index.ts'
import type { CommandContext } from './context.ts'
import {
  addConfig,
  addData,
  addJson,
  addLogLevel,
  configPathOf,
  dataDirOf,
  examples,
  pathOf,
  speed,
  wholeNumber,
} from './settings.ts'
import {
  type SimulatedVenueFlags,
  SEED_MAX,
  addSimulatedVenueOptions,
  simulatedVenueSettings,
} from './venue-options.ts'

interface Common {
  readonly data?: string
  readonly config?: string
  readonly logLevel: string
  readonly split?: boolean
  readonly symbol?: string
}

interface UpFlags extends Common, SimulatedVenueFlags {
  readonly port: number
  readonly host: string
  readonly source?: 'auto' | 'live' | 'generated' | 'recording' | 'none'
  readonly file?: readonly string[]
  readonly seed?: number
  readonly speed: string
  readonly smoke?: boolean
  readonly venue?: 'paper' | 'simulator' | 'binance'
}

interface ReplayFlags extends Common {
  readonly lockstep: boolean
  readonly speed: string
  readonly json?: boolean
}

/** `refuse` ends the command as a mistake in its options. */
const sourceOf = (
  { source, file = [] }: UpFlags,
  refuse: (problem: string) => never,
): NonNullable<UpFlags['source']> => {
  if (source !== undefined && source !== 'recording' && file.length > 0)
    refuse(`--file plays a recording, but --source says ${source}.`)
  if (source === 'recording' && file.length === 0)
    refuse('--source recording needs at least one --file.')
  return source ?? (file.length > 0 ? 'recording' : 'auto')
}

const up = async (
  { terminal, finish }: CommandContext,
  flags: UpFlags,
  refuse: (problem: string) => never,
): Promise<void> => {
  const common = {
    split: flags.split === true,
    configPath: configPathOf(flags),
    logLevel: flags.logLevel,
  }
  if (flags.smoke === true) {
    const { runSmoke } = await whileLoading(terminal, import('../playback/index.ts'))
    return finish(await runSmoke(terminal, common))
  }
  const source = sourceOf(flags, refuse)
  const { runUp } = await whileLoading(terminal, import('../up/index.ts'))
  finish(
    await runUp(terminal, {
      ...common,
      port: flags.port,
      host: flags.host,
      dataDir: dataDirOf(flags),
      venue: flags.venue,
      source,
      files: flags.file ?? [],
      symbol: flags.symbol,
      seed: flags.seed === undefined ? undefined : String(flags.seed),
      speed: flags.speed,
      ...simulatedVenueSettings(flags),
    }),
  )
}

const addUp = (program: Command, context: CommandContext): void => {
  const command = program
    .command('up')
    .summary('start everything, and stay until Ctrl-C')
    .description(
      'Starts NATS, Postgres, Redis and the nine services, and plays a market. What `npm start` runs.',
    )
    .option('--split', 'one process per service, each started again when it ends', false)
    .option(
      '--port <number>',
      'port of the page; the services take the next ones; 0: free ones',
      wholeNumber(0, 65_500),
      7700,
    )
    .option(
      '--host <address>',
      'address to listen on; anything but loopback is a decision',
      '127.0.0.1',
    )
    .addOption(
      new Option(
        '--source <source>',
        'market to play; auto: live where reachable, else generated (default: auto)',
      ).choices(['auto', 'live', 'generated', 'recording', 'none']),
    )
    .addOption(
      new Option(
        '--venue <venue>',
        'where orders go: paper; simulator: a simulated Binance on this machine, through REST and streams; binance: what BINANCE_NETWORK names (default: execution.venue)',
      ).choices(['paper', 'simulator', 'binance']),
    )
    .option('--file <path...>', 'recordings to play, in order')
    .option('--symbol <symbol>', 'symbol to play, where there are several')
    .option('--seed <number>', 'seed of the generated market', wholeNumber(0, SEED_MAX))
    .option('--speed <factor>', 'speed of recordings: a factor of real time, or max', speed, '1')
    .option(
      '--smoke',
      'play the shipped recording in a throwaway stack, check the chain, print one line of JSON',
    )
  addSimulatedVenueOptions(command, 'of --venue simulator: ')
  addData(addConfig(addLogLevel(command)))
    .addHelpText(
      'after',
      examples(
        'tapedeck up',
        'tapedeck up --source generated --seed 7',
        'tapedeck up --venue simulator',
        'tapedeck up --venue simulator --faults bad-day --state ~/venue',
        'tapedeck up --file day.ws.gz --speed 10',
        'tapedeck up --split --data ./second --port 7800',
        'tapedeck up --smoke',
      ),
    )
    .action(
      async (flags: UpFlags) =>
        await up(context, flags, (problem) => command.error(`error: ${problem}`)),
    )
}

const addReplay = (program: Command, context: CommandContext): void => {
  const command = program
    .command('replay')
    .summary('play recordings through all services, print what came of it')
    .description(
      'Plays recordings through all services in a stack of their own: own servers, own folder. The last five are kept below the data folder, so that `tapedeck why` can look into them. A damaged recording is played up to the damage; then the exit code is 3.',
    )
    .argument('<files...>', 'recordings of one session, in order')
    .option('--no-lockstep', 'let the services run freely; at full speed they then decide late')
    .option(
      '--lockstep',
      'every service has handled a step before the next is played (default)',
      true,
    )
    .option('--speed <factor>', 'a factor of real time, or max', speed, 'max')
    .option('--symbol <symbol>', 'symbol to play, where the recording has several')
    .option('--split', 'one process per service', false)
  addJson(addData(addConfig(addLogLevel(command)), 'keep it in this folder instead'))
    .addHelpText(
      'after',
      examples(
        'tapedeck replay day.ws.gz',
        'tapedeck replay part-1.ws.gz part-2.ws.gz --json | jq .closed_trades',
        'tapedeck replay day.ws.gz --data ./kept --config other.yaml',
      ),
    )
    .action(async (files: string[], flags: ReplayFlags) => {
      const { terminal, finish } = context
      const { runReplay } = await whileLoading(terminal, import('../playback/index.ts'))
      finish(
        await runReplay(terminal, {
          files,
          symbol: flags.symbol,
          speed: flags.speed,
          lockstep: flags.lockstep,
          split: flags.split === true,
          json: flags.json === true,
          data: flags.data === undefined ? undefined : pathOf(flags.data),
          mainDataDir: dataDirOf({}),
          configPath: configPathOf(flags),
          logLevel: flags.logLevel,
        }),
      )
    })
}

/** Commands that start a stack. */
export const addStackCommands = (program: Command, context: CommandContext): void => {
  addUp(program, context)
  addReplay(program, context)
}
