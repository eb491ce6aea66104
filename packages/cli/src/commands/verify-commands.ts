import { InvalidArgumentError, type Command } from 'commander'
import type { CommandContext } from './context.ts'
import { addData, addJson, dataDirOf, examples, pathOf } from './settings.ts'

interface VerifyFlags {
  readonly data?: string
  readonly archive?: string
  readonly config?: string
  readonly decisions?: string
  readonly json?: boolean
}

const addArchive = (command: Command): Command =>
  command.option('--archive <folder>', 'archive folder (default: archive in the data folder)')

const addVerify = (program: Command, context: CommandContext): void => {
  const command = program
    .command('verify')
    .summary('compute recorded decisions again, compare every byte')
    .description(
      'Computes what was archived again by the same deciders and compares every message byte for byte, without any server. Exit code 0: everything is equal; 1: something differs; 3: the archive is damaged.',
    )
    .argument(
      '[what]',
      'last, a run, a session date (2026-01-05), or the id of a decision, trade, setup or event; everything otherwise',
    )
    .option('--config <file>', 'compute by this configuration, not by the recorded one')
    .option(
      '--decisions <file>',
      'recompute the decisions of a file (backtest --messages) from their own inputs, e.g. the turtle’s',
    )
  addJson(addArchive(addData(command)))
    .addHelpText(
      'after',
      examples(
        'tapedeck verify last',
        'tapedeck verify <trade id>',
        'tapedeck verify --json | jq .verdict',
      ),
    )
    .action(async (what: string | undefined, flags: VerifyFlags) => {
      const { runVerify, runVerifyDecisions } = await import('../verify/index.ts')
      const json = flags.json === true
      if (flags.decisions !== undefined) {
        const file = pathOf(flags.decisions)
        context.finish(await runVerifyDecisions(context.terminal, { file, json }))
        return
      }
      context.finish(
        await runVerify(context.terminal, {
          what,
          mainDataDir: dataDirOf(flags),
          archive: flags.archive === undefined ? undefined : pathOf(flags.archive),
          configPath: flags.config === undefined ? undefined : pathOf(flags.config),
          json,
        }),
      )
    })
}

interface ParityFlags extends VerifyFlags {
  readonly tape?: string
  readonly tolerance: string
}

const amount = (text: string): string => {
  if (/^\d{1,15}(\.\d{1,18})?$/.test(text)) return text
  throw new InvalidArgumentError('Expected an amount of 0 or more, such as 0.01.')
}

const addParity = (program: Command, context: CommandContext): void => {
  const command = program
    .command('parity')
    .summary('a recorded session against a backtest of the same period')
    .description(
      'Plays the market data of an archived session through the brain alone and compares every trade. Each part of the gap in net P&L is named: data, signal, timing, fill, fee or funding. Exit code 1 when the trades differ by more than the tolerance.',
    )
    .argument('<what>', 'last, a run, or a session date (2026-01-05)')
    .option('--config <file>', 'the backtest decides by this, not by the recorded one')
    .option('--tape <folder>', 'the backtest reads this tape, not the archive')
    .option('--tolerance <amount>', 'gap of all trades that is still parity', amount, '0')
  addJson(addArchive(addData(command)))
    .addHelpText(
      'after',
      examples('tapedeck parity last', 'tapedeck parity 2026-01-05 --json | jq .parts'),
    )
    .action(async (what: string, flags: ParityFlags) => {
      const { runParity } = await import('../parity/index.ts')
      context.finish(
        await runParity(context.terminal, {
          what,
          mainDataDir: dataDirOf(flags),
          archive: flags.archive === undefined ? undefined : pathOf(flags.archive),
          configPath: flags.config === undefined ? undefined : pathOf(flags.config),
          tapePath: flags.tape === undefined ? undefined : pathOf(flags.tape),
          tolerance: flags.tolerance,
          json: flags.json === true,
        }),
      )
    })
}

/** Commands that prove: what was recorded is what this code decides. */
export const addVerifyCommands = (program: Command, context: CommandContext): void => {
  addVerify(program, context)
  addParity(program, context)
}
