import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { addConfig, addJson, configPathOf, examples, pathOf } from './settings.ts'

interface ConvertFlags {
  readonly output: string
  readonly symbol?: string
  readonly venue?: string
  readonly config?: string
  readonly force?: boolean
  readonly keepPartial?: boolean
  readonly json?: boolean
}

const addConvert = (tape: Command, context: CommandContext): void => {
  const command = tape
    .command('convert')
    .summary('recordings, archive files or an archived run to a tape')
    .description(
      'Makes a tape, the form of market data that backtests read: a folder of Arrow files, which pandas and DuckDB open as they are. Takes Binance archives (aggTrades, trades, klines; csv, gz, zip), raw recordings, or the folder of an archived run, recognized by their contents. The folder appears when it is complete.',
    )
    .argument('<files...>', 'files of one session, in order; or one folder of the archive')
    .requiredOption('--output <folder>', 'the tape: a folder that is not there yet')
    .option('--symbol <symbol>', 'symbol, where the files have several or do not say')
    .option('--venue <venue>', 'venue, where the files do not say: binance-usdm, binance-spot')
    .option('--force', 'replace a tape that is there')
    .option('--keep-partial', 'keep what comes before damage, as a tape that says so')
  addJson(addConfig(command))
    .addHelpText(
      'after',
      examples(
        'tapedeck tape convert BTCUSDT-aggTrades-2026-01-*.zip --output january',
        'tapedeck tape convert day.ws.gz --symbol BTCUSDT --output day',
        'tapedeck tape convert .tapedeck/archive/<run> --output run',
      ),
    )
    .action(async (files: string[], flags: ConvertFlags) => {
      const { runConvert } = await import('../tape/index.ts')
      context.finish(
        await runConvert(context.terminal, {
          files: files.map(pathOf),
          output: pathOf(flags.output),
          symbol: flags.symbol,
          venue: flags.venue,
          configPath: configPathOf(flags),
          force: flags.force === true,
          keepPartial: flags.keepPartial === true,
          json: flags.json === true,
        }),
      )
    })
}

const addInfo = (tape: Command, context: CommandContext): void => {
  const command = tape
    .command('info')
    .summary('what a tape holds, and what it cannot show')
    .description(
      'Reads the manifest alone: instruments, source, days, rows, gaps, and the limits that every result on this data has.',
    )
    .argument('<folder>', 'the tape')
  addJson(command)
    .addHelpText(
      'after',
      examples('tapedeck tape info january', 'tapedeck tape info january --json | jq .limits'),
    )
    .action(async (folder: string, flags: { json?: boolean }) => {
      const { runInfo } = await import('../tape/index.ts')
      context.finish(
        await runInfo(context.terminal, { folder: pathOf(folder), json: flags.json === true }),
      )
    })
}

const addCheck = (tape: Command, context: CommandContext): void => {
  const command = tape
    .command('check')
    .summary('read every byte of a tape: checksums, order, continuity')
    .description(
      'Reads everything and compares it with the manifest. Lists all damage, each with file, batch, row and bytes (counted from 0). Exit code 3 when there is any.',
    )
    .argument('<folder>', 'the tape')
  addJson(command)
    .addHelpText(
      'after',
      examples('tapedeck tape check january', 'tapedeck tape check january --json | jq .problems'),
    )
    .action(async (folder: string, flags: { json?: boolean }) => {
      const { runCheck } = await import('../tape/index.ts')
      context.finish(
        await runCheck(context.terminal, { folder: pathOf(folder), json: flags.json === true }),
      )
    })
}

/** Commands for tapes: the data of backtests. */
export const addTapeCommands = (program: Command, context: CommandContext): void => {
  const tape = program
    .command('tape')
    .summary('tapes for backtests: convert, info, check')
    .description('Makes, describes and checks tapes, the form of market data that backtests read.')
  addConvert(tape, context)
  addInfo(tape, context)
  addCheck(tape, context)
}
