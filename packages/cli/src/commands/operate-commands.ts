import { type Command, Option } from 'commander'
import type { CommandContext } from './context.ts'
import { addData, addJson, dataDirOf, examples, wholeNumber } from './settings.ts'

interface Flags {
  readonly data?: string
  readonly json?: boolean
}
interface TradingFlags extends Flags {
  readonly reason: string
  readonly idempotencyKey?: string
}
interface CreateFlags extends Flags {
  readonly name: string
  readonly role: string
  readonly expiresInDays?: number
}

const ELSEWHERE = '\nTAPEDECK_URL and TAPEDECK_API_KEY name a gateway and a key elsewhere.\n'

/** The session's modules are loaded when a command needs them: help comes at once. */
const load = async (flags: Flags) => {
  const [operate, session] = await Promise.all([
    import('../operate/index.ts'),
    import('../session/index.ts'),
  ])
  return { operate, gateway: session.gatewayClient(dataDirOf(flags)) }
}

const addStatus = (program: Command, { terminal, finish }: CommandContext): void => {
  const command = program
    .command('status')
    .summary('one screen: services, market, trading, positions, setups')
    .description(
      'Shows what goes on. Exit code 7 when nothing runs, 3 when a service is not ready.',
    )
  addJson(addData(command))
    .addHelpText(
      'after',
      examples('tapedeck status', 'tapedeck status --json | jq .positions') + ELSEWHERE,
    )
    .action(async (flags: Flags) => {
      const { operate, gateway } = await load(flags)
      finish(await operate.showStatus(terminal, gateway, flags.json === true))
    })
}

const TRADING = [
  ['halt', 'refuse new entries until resumed'],
  ['resume', 'let go of what an operator holds'],
  ['flatten', 'close every position at market, cancel entries, halt'],
] as const

const addTrading = (program: Command, { terminal, finish }: CommandContext): void => {
  for (const [name, summary] of TRADING) {
    const command = program
      .command(name)
      .summary(summary)
      .description(
        `Asks risk to ${summary}. It is recorded with its reason. Exit code 9 when the answer was lost: the command to send again is printed.`,
      )
      .requiredOption('--reason <text>', 'why, for the record')
      .option('--idempotency-key <key>', 'of an earlier attempt whose outcome is unknown')
    addJson(addData(command))
      .addHelpText('after', examples(`tapedeck ${name} --reason 'news in ten minutes'`) + ELSEWHERE)
      .action(async (flags: TradingFlags) => {
        const { operate, gateway } = await load(flags)
        const { reason, idempotencyKey } = flags
        const json = flags.json === true
        finish(
          await operate.commandTrading(terminal, gateway, {
            command: name,
            reason,
            idempotencyKey,
            json,
          }),
        )
      })
  }
}

const addKeys = (program: Command, { terminal, finish }: CommandContext): void => {
  const keys = program
    .command('keys')
    .summary('API keys: create, list, revoke')
    .description('API keys of the gateway.')
  const create = keys
    .command('create')
    .summary('make a key; it is printed once, on stdout')
    .requiredOption('--name <text>', 'what it is for')
    .addOption(
      new Option('--role <role>', 'what it may do')
        .choices(['viewer', 'trader', 'operator', 'admin'])
        .default('viewer'),
    )
    .option(
      '--expires-in-days <number>',
      'without it the key does not expire',
      wholeNumber(1, 3_650),
    )
  addJson(addData(create))
    .addHelpText(
      'after',
      examples(
        'tapedeck keys create --name dashboard',
        'tapedeck keys create --name bot --role trader --expires-in-days 30',
      ),
    )
    .action(async (flags: CreateFlags) => {
      const { operate, gateway } = await load(flags)
      const { name, role, expiresInDays } = flags
      finish(
        await operate.createKey(
          terminal,
          gateway,
          { name, role, expiresInDays },
          flags.json === true,
        ),
      )
    })
  addJson(addData(keys.command('list').summary('all keys, newest first'))).action(
    async (flags: Flags) => {
      const { operate, gateway } = await load(flags)
      finish(await operate.listKeys(terminal, gateway, flags.json === true))
    },
  )
  addJson(
    addData(
      keys
        .command('revoke')
        .summary('end a key for good')
        .argument('<id>', 'its id, as `keys list` shows it'),
    ),
  ).action(async (id: string, flags: Flags) => {
    const { operate, gateway } = await load(flags)
    finish(await operate.revokeKey(terminal, gateway, id, flags.json === true))
  })
}

/** Commands about the running session, through its gateway. */
export const addOperateCommands = (program: Command, context: CommandContext): void => {
  addStatus(program, context)
  addTrading(program, context)
  addKeys(program, context)
}
