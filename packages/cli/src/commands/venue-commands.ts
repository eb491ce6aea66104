import { InvalidArgumentError, Option, type Command } from 'commander'
import { whileLoading } from '../terminal/index.ts'
import type { CommandContext } from './context.ts'
import {
  addConfig,
  addJson,
  configPathOf,
  examples,
  moment,
  pathOf,
  positiveNumber,
  wholeNumber,
} from './settings.ts'
import {
  type SimulatedVenueFlags,
  SEED_MAX,
  addSimulatedVenueOptions,
  simulatedVenueSettings,
} from './venue-options.ts'

interface VenueFlags extends SimulatedVenueFlags {
  readonly port: number
  readonly host: string
  readonly market: 'generated' | 'recording' | 'live'
  readonly file?: readonly string[]
  readonly loop?: boolean
  readonly symbol?: readonly string[]
  readonly seed: number
  readonly speed: number
  readonly paused?: boolean
  readonly start?: number
  readonly balance: string
  readonly keys?: string
  readonly publicKey?: string
  readonly config?: string
  readonly json?: boolean
}

const SPEED_MAX = 1000

const speed = (text: string): number => {
  const value = positiveNumber(text)
  if (value <= SPEED_MAX) return value
  throw new InvalidArgumentError(`Expected a factor of real time up to ${SPEED_MAX}.`)
}

/** Clients of the venue read its times as milliseconds since 1970. */
const clockTime = (text: string): number => {
  const time = moment(text)
  if (time >= 0) return time
  throw new InvalidArgumentError('Expected a time since 1970.')
}

const balance = (text: string): string => {
  positiveNumber(text)
  return text
}

/** What does not go together, or null. */
const problemOf = ({
  market,
  file = [],
  speed: factor,
  loop,
  paused,
  keys,
  publicKey,
}: VenueFlags): string | null => {
  if (market === 'recording' && file.length === 0)
    return '--market recording needs at least one --file.'
  if (market !== 'recording' && file.length > 0)
    return `--file plays a recording, but --market says ${market}.`
  if (market !== 'recording' && loop === true) return '--loop is for --market recording.'
  if (market === 'live' && (factor !== 1 || paused === true))
    return '--market live has the pace of the market: no --speed, no --paused.'
  if (keys !== undefined && publicKey !== undefined)
    return '--public-key is a key without a secret: no --keys.'
  return null
}

const run = async ({ terminal, finish }: CommandContext, flags: VenueFlags): Promise<void> => {
  const { runVenue } = await whileLoading(terminal, import('../venue/index.ts'))
  finish(
    await runVenue(terminal, {
      port: flags.port,
      host: flags.host,
      market: flags.market,
      files: flags.file ?? [],
      loop: flags.loop === true,
      symbols: flags.symbol ?? [],
      seed: flags.seed,
      speed: flags.speed,
      paused: flags.paused === true,
      start: flags.start ?? null,
      balance: flags.balance,
      ...simulatedVenueSettings(flags),
      keysFile: flags.keys === undefined ? null : pathOf(flags.keys),
      publicKeyFile: flags.publicKey === undefined ? null : pathOf(flags.publicKey),
      configPath: configPathOf(flags),
      json: flags.json === true,
    }),
  )
}

const addMarketOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--market <market>', 'where prices come from')
        .choices(['generated', 'recording', 'live'])
        .default('generated'),
    )
    .option('--file <path...>', 'recordings to play, in order')
    .option('--loop', 'the recording starts over at its end')
    .option('--symbol <symbol...>', 'what is listed (default: BTCUSDT)')
    .option(
      '--seed <number>',
      'seed of the generated market and of ids',
      wholeNumber(0, SEED_MAX),
      1,
    )
    .option('--speed <factor>', 'how fast the clock goes, by real time', speed, 1)
    .option('--paused', 'the clock stands still until POST /sim/v1/clock moves it')
    .option('--start <time>', 'what the clock says at the beginning (default: now)', clockTime)

/** A venue to trade against. */
export const addVenueCommands = (program: Command, context: CommandContext): void => {
  const command = program
    .command('venue')
    .summary('an exchange on localhost to trade against')
    .description(
      'Runs a Binance-compatible USD-M futures exchange on this machine, for unmodified clients: REST and streams on one port, an account with play money, faults on demand. The same seed gives the same market.',
    )
    .option(
      '--port <number>',
      'port of REST and streams; 0: a free one',
      wholeNumber(0, 65_535),
      8088,
    )
    .option(
      '--host <address>',
      'address to listen on; anything but loopback is a decision',
      '127.0.0.1',
    )
  addMarketOptions(command).option('--balance <amount>', 'first deposit in USDT', balance, '10000')
  addSimulatedVenueOptions(command)
    .option('--keys <file>', 'API key and secret; made there on first use (default: for this run)')
    .option(
      '--public-key <file>',
      'instead of a secret: the public half (PEM) of an Ed25519 or RSA key that requests are signed with',
    )
  addJson(addConfig(command))
    .addHelpText(
      'after',
      examples(
        'tapedeck venue',
        'tapedeck venue --symbol BTCUSDT ETHUSDT --seed 7 --speed 10',
        'tapedeck venue --faults bad-day --seed-faults 42',
        'tapedeck venue --state ~/venue',
        'openssl genpkey -algorithm ed25519 -out private.pem',
        'openssl pkey -in private.pem -pubout -out public.pem',
        'tapedeck venue --public-key public.pem',
        'tapedeck venue --market recording --file day.ws.gz --loop',
        'tapedeck venue --port 0 --json | head -1 | jq .rest_url',
      ),
    )
    .action(async (flags: VenueFlags) => {
      const problem = problemOf(flags)
      if (problem !== null) command.error(`error: ${problem}`)
      await run(context, flags)
    })
}
