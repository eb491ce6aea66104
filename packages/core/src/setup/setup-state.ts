import type { Features, PositionChanged, TradeChanged, TradeClosed } from '@tapedeck/contracts'
import { biasOf, isBiasBroken, isOnVwapSide } from './bias.ts'
import type { GivenSignal } from './cooldown.ts'
import type { BiasState } from './trend-continuation.ts'

/** What is remembered of one symbol between bar closes. */
export type SymbolState = {
  /** Open time of the 15 m bar whose bias price has broken: it stays broken until the next bar closes. */
  broken_at_bar: number | null
  given: GivenSignal[]
  /** Trades that execution has started and not ended. */
  trades: string[]
  has_position: boolean
}

/** State of the setup decider: plain JSON, by `venue|symbol`. */
export type SetupState = { symbols: Record<string, SymbolState> }

const keyOf = (on: { venue: string; symbol: string }): string => `${on.venue}|${on.symbol}`

export const symbolState = (
  state: SetupState,
  on: { venue: string; symbol: string },
): SymbolState =>
  (state.symbols[keyOf(on)] ??= { broken_at_bar: null, given: [], trades: [], has_position: false })

/** True when a position, an entry or an exit is under way: no new signal then. */
export const isBusy = (symbol: SymbolState): boolean =>
  symbol.has_position || symbol.trades.length > 0

export const noteTradeStarted = (state: SetupState, { trade, ...on }: TradeChanged): void => {
  const symbol = symbolState(state, on)
  if (!symbol.trades.includes(trade.trade_id)) symbol.trades.push(trade.trade_id)
}

export const noteTradeEnded = (
  state: SetupState,
  { trade, ...on }: TradeChanged | TradeClosed,
): void => {
  const symbol = symbolState(state, on)
  symbol.trades = symbol.trades.filter((id) => id !== trade.trade_id)
}

export const notePosition = (state: SetupState, position: PositionChanged): void => {
  symbolState(state, position).has_position = position.side !== 'FLAT'
}

/** The bias as it stands at these features, and remembers when price has broken it. */
export const currentBias = (
  symbol: SymbolState,
  features: Features,
  requiresVwapSide: boolean,
): BiasState => {
  const found = biasOf(features.bars_15m)
  const bias = found !== null && requiresVwapSide && !isOnVwapSide(found, features) ? null : found
  const bar = features.bars_15m.at(-1)?.open_time ?? null
  if (bias !== null && isBiasBroken(bias, features.price_ticks)) symbol.broken_at_bar = bar
  return { bias, broken: bar !== null && symbol.broken_at_bar === bar }
}
