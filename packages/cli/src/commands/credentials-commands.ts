import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { addJson, examples, pathOf } from './settings.ts'

/** Keys of a venue, before it is traded on. */
export const addCredentialsCommands = (program: Command, context: CommandContext): void => {
  const group = program
    .command('credentials')
    .summary('keys of a venue: make one, seal them into a file, check them')
    .description(
      'Keys of a venue for live trading. They come from the environment (BINANCE_API_KEY, BINANCE_API_SECRET, or <NAME>_FILE), never from the command line, which others can read. The secret may be a private key in PEM, Ed25519 or RSA.',
    )
  group
    .command('make')
    .description(
      'Makes an Ed25519 key: the private half goes into the file, the public half, which the venue is given, to stdout. Replaces no file.',
    )
    .argument('<file>', 'the file to be written, for its owner alone')
    .addHelpText('after', examples('tapedeck credentials make private.pem > public.pem'))
    .action(async (file: string) => {
      const { makeKeyFile } = await import('../credentials/index.ts')
      context.finish(makeKeyFile(context.terminal, pathOf(file)))
    })
  group
    .command('seal')
    .description(
      'Writes key and secret into one encrypted file, under BINANCE_PASSPHRASE or BINANCE_PASSPHRASE_FILE (12 characters or more). Replaces no file.',
    )
    .argument('<file>', 'the file to be written, for its owner alone')
    .addHelpText(
      'after',
      examples(
        'BINANCE_API_KEY_FILE=key BINANCE_API_SECRET_FILE=secret BINANCE_PASSPHRASE_FILE=pass tapedeck credentials seal venue.sealed',
        'BINANCE_API_KEY_FILE=key BINANCE_API_SECRET_FILE=private.pem BINANCE_PASSPHRASE_FILE=pass tapedeck credentials seal venue.sealed',
      ),
    )
    .action(async (file: string) => {
      const { sealToFile } = await import('../credentials/index.ts')
      context.finish(sealToFile(context.terminal, pathOf(file)))
    })
  const check = group
    .command('check')
    .description(
      'Says whether execution would find keys in this environment, and whether they look like keys. Asks no venue.',
    )
  addJson(check)
    .addHelpText(
      'after',
      examples(
        'BINANCE_CREDENTIALS_FILE=venue.sealed BINANCE_PASSPHRASE_FILE=pass tapedeck credentials check',
      ),
    )
    .action(async ({ json }: { readonly json?: boolean }) => {
      const { checkEnvironment } = await import('../credentials/index.ts')
      context.finish(checkEnvironment(context.terminal, json === true))
    })
}
