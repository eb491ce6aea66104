import { withTradingKeys } from '@tapedeck/backtest'
import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'

type Scalar = string | number | boolean

/** What `--set` said: keys of the configuration, and a strategy's own. */
export type Settings = {
  readonly trading: TradingConfig
  readonly own: Readonly<Record<string, string>>
}

const split = (text: string): readonly [string, string] => {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new TapedeckError('VALIDATION_FAILED', `--set ${text}: expected key=value`, {
    hint: 'For example --set strategy.trend.reward_ratio=2.',
  })
}

const valueAt = (trading: TradingConfig, key: string): unknown =>
  key.split('.').reduce<unknown>((at, name) => {
    if (Array.isArray(at)) return at.find((one: { symbol?: string }) => one.symbol === name)
    return typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined
  }, trading)

/** A value of the kind that stands there: numbers and flags are read, text is text. */
const read = (text: string, before: unknown): Scalar => {
  if (typeof before === 'string') return text
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
}

/** Throws VALIDATION_FAILED for what is not `key=value`, an unknown key, or a value out of its range. */
export const readSettings = (trading: TradingConfig, set: readonly string[]): Settings => {
  const keys: Record<string, Scalar> = {}
  const own: Record<string, string> = {}
  for (const [key, text] of set.map(split))
    if (key.includes('.')) keys[key] = read(text, valueAt(trading, key))
    else own[key] = text
  return { trading: withTradingKeys(trading, keys), own }
}
