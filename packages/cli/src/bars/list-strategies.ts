import { loadStrategy } from '@tapedeck/backtest'
import { BUILT_IN_STRATEGIES, type ParameterSpec, type StrategyDefinition } from '@tapedeck/core'
import { EXIT } from '../exit-codes.ts'
import { type Terminal, formatTable, paint, printLine } from '../terminal/index.ts'

export interface ListStrategiesCommand {
  /** Paths of modules to list beside the built-in strategies. */
  readonly modules: readonly string[]
  readonly json: boolean
}

const rangeOf = (spec: ParameterSpec): string => {
  if (spec.kind === 'flag') return 'true, false'
  return spec.kind === 'choice' ? spec.choices.join(', ') : `${spec.min} to ${spec.max}`
}

const print = (
  terminal: Terminal,
  { name, about, parameters, timeframes }: StrategyDefinition,
): void => {
  printLine(terminal, `${paint(terminal.out, 'bold', name)}: ${about}`)
  if (timeframes !== null) printLine(terminal, `  Bars of ${timeframes.join(' and ')}`)
  const rows = Object.entries(parameters).map(([parameter, spec]) => [
    `  ${parameter}`,
    String(spec.default),
    rangeOf(spec),
    spec.about,
  ])
  const columns = ['  Parameter', 'Default', 'Range', 'About'].map((title) => ({ title }))
  if (rows.length > 0) printLine(terminal, formatTable(columns, rows))
  printLine(terminal, '')
}

/** Lists strategies on bars with their parameters. Throws STRATEGY_INVALID for a module that is none. */
export const listStrategies = async (
  terminal: Terminal,
  { modules, json }: ListStrategiesCommand,
): Promise<number> => {
  const own = await Promise.all(modules.map(async (path) => await loadStrategy(path)))
  const strategies = [...BUILT_IN_STRATEGIES, ...own]
  if (json)
    printLine(
      terminal,
      JSON.stringify(
        strategies.map(({ name, about, timeframes, parameters }) => ({
          name,
          about,
          timeframes,
          parameters,
        })),
      ),
    )
  else for (const strategy of strategies) print(terminal, strategy)
  return EXIT.OK
}
