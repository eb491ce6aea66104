import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { addJson, examples } from './settings.ts'

/** Commands about strategies on bars. */
export const addStrategyCommands = (program: Command, context: CommandContext): void => {
  const command = program
    .command('strategies')
    .summary('strategies on bars, with their parameters')
    .description(
      'Lists the strategies that backtest, optimize and walk-forward know, each parameter with its default and range. A module is looked at in the same way, without running it.',
    )
    .argument('[modules...]', 'modules of your own to list as well')
  addJson(command)
    .addHelpText(
      'after',
      examples('tapedeck strategies', 'tapedeck strategies ./my-strategy.ts --json | jq .'),
    )
    .action(async (modules: string[], { json }: { readonly json?: boolean }) => {
      const { listStrategies } = await import('../bars/index.ts')
      context.finish(await listStrategies(context.terminal, { modules, json: json === true }))
    })
}
