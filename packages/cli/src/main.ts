import { runCli } from './run-cli.ts'
import { processTerminal } from './terminal/index.ts'

const exitCode = await runCli(process.argv.slice(2), processTerminal())
// What a command leaves open (a keep-alive socket, a timer of a library) must not keep the shell waiting.
process.stdout.write('', () => process.exit(exitCode))
