import { reportError } from './report-error.ts'
import { runCli } from './run-cli.ts'
import { processTerminal } from './terminal/index.ts'

const argv = process.argv.slice(2)
const terminal = processTerminal()
// What nobody waits for has failed: what that means is unknown. Exit listeners end what was started.
process.on('uncaughtException', (error) => {
  process.exit(reportError(terminal, error, argv.includes('--verbose')))
})
const exitCode = await runCli(argv, terminal)
// What a command leaves open (a keep-alive socket, a timer of a library) must not keep the shell waiting.
process.stdout.write('', () => process.exit(exitCode))
