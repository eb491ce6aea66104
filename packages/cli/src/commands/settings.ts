import { isAbsolute, join, resolve } from 'node:path'
import { REPOSITORY } from '@tapedeck/dev'
import { InvalidArgumentError, Option, type Command } from 'commander'

/** Where the main session keeps everything, unless told otherwise. */
const DATA_DIR = join(REPOSITORY, '.tapedeck')
const CONFIG_PATH = join(REPOSITORY, 'config', 'tapedeck.yaml')

/** Paths that a person names are relative to where that person stands; defaults belong to the checkout. */
export const pathOf = (path: string): string => (isAbsolute(path) ? path : resolve(path))

export const dataDirOf = ({ data }: { data?: string }): string =>
  data === undefined ? DATA_DIR : pathOf(data)

export const configPathOf = ({ config }: { config?: string }): string => {
  if (config !== undefined) return pathOf(config)
  const given = process.env['TAPEDECK_CONFIG']
  return given === undefined || given === '' ? CONFIG_PATH : pathOf(given)
}

/** A whole number within bounds, or a usage error that names them. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d{1,12}$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`Expected a whole number ${min} to ${max}.`)
  }

export const positiveNumber = (text: string): number => {
  const value = Number(text)
  if (/^\d{1,12}(\.\d{1,12})?$/.test(text) && value > 0) return value
  throw new InvalidArgumentError('Expected a number above 0.')
}

/** A day or a moment, UTC, in ms. */
export const moment = (text: string): number => {
  const at = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isFinite(at)) return at
  throw new InvalidArgumentError('Expected a day such as 2024-01-31, or 2024-01-31T08:00:00Z.')
}

/** An option that may be named again and again. */
export const repeated = (text: string, before: readonly string[]): string[] => [...before, text]

/** A factor of real time, or max. */
export const speed = (text: string): string => {
  if (text === 'max') return text
  if (/^\d{1,4}(\.\d{1,3})?$/.test(text) && Number(text) > 0) return text
  throw new InvalidArgumentError('Expected max, or a factor of real time such as 1 or 60.')
}

export const addData = (
  command: Command,
  about = 'data folder of the session (default: .tapedeck)',
): Command => command.option('--data <folder>', about)

export const addConfig = (command: Command): Command =>
  command.option('--config <file>', 'trading configuration (default: config/tapedeck.yaml)')

export const addJson = (command: Command): Command => command.option('--json', 'for programs')

export const addLogLevel = (command: Command): Command =>
  command.addOption(
    new Option('--log-level <level>', 'what the services write to their logs')
      .choices(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
      .default('info'),
  )

/** Examples, shown before everything else that the help says. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`
