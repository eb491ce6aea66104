import { type Command, Option } from 'commander'
import type { CommandContext } from './context.ts'
import {
  addConfig,
  addData,
  addJson,
  configPathOf,
  dataDirOf,
  examples,
  positiveNumber,
  wholeNumber,
} from './settings.ts'

interface MeasureFlags {
  readonly config?: string
  readonly symbol?: string
  readonly volumeBasis?: 'trade' | 'window'
  readonly minAbsorptionVolume?: number
  readonly regime: 'normal' | 'measured'
}

interface LookFlags {
  readonly data?: string
  readonly config?: string
  readonly json?: boolean
}

const VENUE_URL = 'https://fapi.binance.com'
const STREAM_URL = 'wss://fstream.binance.com'

const addMeasure = (program: Command, context: CommandContext): void => {
  const command = program
    .command('measure')
    .summary('order flow of recordings by the core alone, as NDJSON')
    .description(
      'Measures recordings without any server. One JSON object a line, with `at` (ms) and `kind`: delta (about every second), absorption (each evaluation that holds), trapped, divergence, market_state.',
    )
    .argument('<files...>', 'recordings of one session, in order')
    .addOption(
      new Option('--volume-basis <basis>', 'what absorbed volume is compared with').choices([
        'trade',
        'window',
      ]),
    )
    .option(
      '--min-absorption-volume <quantity>',
      'least absorbed volume, in the base asset',
      positiveNumber,
    )
    .addOption(
      new Option('--regime <regime>', 'volatility regime of the imbalance asked for')
        .choices(['normal', 'measured'])
        .default('normal'),
    )
    .option('--symbol <symbol>', 'symbol to measure, where the recording has several')
  addConfig(command)
    .addHelpText(
      'after',
      examples(
        'tapedeck measure day.ws.gz | head',
        'tapedeck measure day.ws.gz | jq -c \'select(.kind == "trapped")\'',
      ),
    )
    .action(async (files: string[], flags: MeasureFlags) => {
      const { runMeasure } = await import('../measure/index.ts')
      const { volumeBasis, minAbsorptionVolume, symbol, regime } = flags
      const configPath = configPathOf(flags)
      context.finish(
        await runMeasure(context.terminal, {
          files,
          symbol,
          volumeBasis,
          minAbsorptionVolume,
          regime,
          configPath,
        }),
      )
    })
}

const addWhy = (program: Command, context: CommandContext): void => {
  const command = program
    .command('why')
    .summary('why did it (not) trade: the recorded chain of an id')
    .description(
      'Tells the chain that an id belongs to: the setup with its boxes, the decision with every check, orders, fills, stop moves, the close, the review. Looks into the running session, else into the data folder, then into the kept replays, newest first.',
    )
    .argument('<id>', 'id of a setup, signal, decision, order, trade or event')
  addJson(addData(command))
    .addHelpText(
      'after',
      examples('tapedeck why <trade id>', 'tapedeck why <setup id> --json | jq -c .payload'),
    )
    .action(async (id: string, flags: LookFlags) => {
      const { runWhy } = await import('../story/index.ts')
      context.finish(
        await runWhy(context.terminal, {
          id,
          mainDataDir: dataDirOf(flags),
          json: flags.json === true,
        }),
      )
    })
}

interface DoctorFlags extends LookFlags {
  readonly port: number
  readonly venue?: string
  readonly wait: number
}

const addDoctor = (program: Command, context: CommandContext): void => {
  const command = program
    .command('doctor')
    .summary('can Tapedeck run here: checks, reasons, fixes')
    .description(
      'Examines this machine without changing it, or with --venue a venue before it is traded on: addresses, clock, key, permissions, modes, symbols, positions, wallet, streams; with the keys that execution would find in this environment. Exit code 3 when something would keep it from starting or trading, 7 when the venue does not answer.',
    )
    .option('--port <number>', 'first port that a start would take', wholeNumber(1, 65_500), 7700)
    .option(
      '--venue <venue>',
      'look at a venue instead: live, demo, custom (BINANCE_REST_URL, BINANCE_STREAM_URL), or the address of a simulated one',
    )
    .option(
      '--wait <seconds>',
      'with --venue: how long streams have to deliver',
      wholeNumber(1, 300),
      10,
    )
  addJson(addData(addConfig(command)))
    .addHelpText(
      'after',
      examples(
        'tapedeck doctor',
        'tapedeck doctor --json | jq \'.findings[] | select(.result != "pass")\'',
        'BINANCE_CREDENTIALS_FILE=venue.sealed tapedeck doctor --venue demo',
      ),
    )
    .action(async (flags: DoctorFlags) => {
      const { runDoctor, runVenueDoctor } = await import('../doctor/index.ts')
      if (flags.venue !== undefined)
        return context.finish(
          await runVenueDoctor(context.terminal, {
            venue: flags.venue,
            configPath: configPathOf(flags),
            waitSeconds: flags.wait,
            json: flags.json === true,
          }),
        )
      context.finish(
        await runDoctor(context.terminal, {
          dataDir: dataDirOf(flags),
          configPath: configPathOf(flags),
          port: flags.port,
          venueUrl: process.env['TAPEDECK_BINANCE_REST_URL'] ?? VENUE_URL,
          streamUrl: process.env['TAPEDECK_BINANCE_STREAM_URL'] ?? STREAM_URL,
          json: flags.json === true,
        }),
      )
    })
}

/** Commands that look: at a recording, at the record, at this machine. */
export const addLookCommands = (program: Command, context: CommandContext): void => {
  addMeasure(program, context)
  addWhy(program, context)
  addDoctor(program, context)
}
