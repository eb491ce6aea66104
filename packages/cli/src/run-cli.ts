import { Command, CommanderError } from 'commander'
import {
  type CommandContext,
  addBacktestCommands,
  addCredentialsCommands,
  addLookCommands,
  addOperateCommands,
  addReportCommands,
  addSetupEventsCommands,
  addSearchCommands,
  addStackCommands,
  addStrategyCommands,
  addTapeCommands,
  addVenueCommands,
  addVerifyCommands,
} from './commands/index.ts'
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts'
import { reportError } from './report-error.ts'
import type { Terminal } from './terminal/index.ts'
import { version } from './version.ts'

const HELP_WIDTH = 80

const exitCodesText = (): string =>
  `\nExit codes:\n${EXIT_MEANINGS.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}\n`

const GLOBAL = `
Examples:
  $ tapedeck up                      start everything, open the page it names
  $ tapedeck replay day.ws.gz        play a recording through all services
  $ tapedeck why <id>                why something was (not) traded

Data goes to stdout, everything else to stderr. NO_COLOR turns color off.
`

const buildProgram = (context: CommandContext): Command => {
  const { terminal } = context
  const program = new Command('tapedeck')
    .description(
      'Reads the tape: records order flow, grades setups, trades them on paper, and explains every decision.',
    )
    .version(version, '--version', 'version of the code')
    .option('--verbose', 'show where an unexpected failure came from')
    .option('--no-color', 'no color')
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
    })
    .exitOverride()
    .showHelpAfterError(
      'tapedeck --help lists the commands; tapedeck <command> --help explains one.',
    )
    .addHelpText('after', GLOBAL + exitCodesText())
  addStackCommands(program, context)
  addBacktestCommands(program, context)
  addReportCommands(program, context)
  addStrategyCommands(program, context)
  addLookCommands(program, context)
  addTapeCommands(program, context)
  addVerifyCommands(program, context)
  addSetupEventsCommands(program, context)
  addSearchCommands(program, context)
  addOperateCommands(program, context)
  addVenueCommands(program, context)
  addCredentialsCommands(program, context)
  return program
}

/** Applies to everything that colors: styles ask the environment. */
const withoutColor = (argv: readonly string[]): void => {
  if (argv.includes('--no-color')) process.env['NO_COLOR'] = '1'
}

/** Runs one command and gives its exit code. Never throws; what went wrong is on stderr. */
export const runCli = async (argv: readonly string[], terminal: Terminal): Promise<number> => {
  let exitCode: number = EXIT.OK
  withoutColor(argv)
  const program = buildProgram({
    terminal,
    finish: (code) => {
      exitCode = code
    },
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    // Help and version come as errors too, with code 0. Everything else that commander refuses is usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE
    return reportError(terminal, error, argv.includes('--verbose'))
  }
}
