import type { Instrument } from '@tapedeck/contracts'

/** TRADING takes every order, SETTLING only those that reduce, CLOSE none. */
export type SymbolStatus = 'TRADING' | 'PENDING_TRADING' | 'SETTLING' | 'CLOSE'

/** Positions up to a notional may have up to a leverage. `cum` makes maintenance margin continuous. */
export type LeverageBracket = {
  readonly bracket: number
  readonly initialLeverage: number
  readonly notionalFloor: number
  readonly notionalCap: number
  readonly maintMarginRatio: number
  readonly cum: number
}

/** An instrument with all that orders are checked by (binance-ccxt-facts §2.2). Decimals as text. */
export type ExchangeInstrument = {
  readonly symbol: string
  readonly baseAsset: string
  readonly quoteAsset: string
  readonly status: SymbolStatus
  readonly contractType: 'PERPETUAL' | 'TRADIFI_PERPETUAL' | 'CURRENT_QUARTER' | 'NEXT_QUARTER'
  readonly onboardDate: number
  readonly deliveryDate: number
  /** Digits after the point that a price may have at all; finer than the tick. */
  readonly pricePrecision: number
  readonly quantityPrecision: number
  readonly tickSize: string
  readonly minPrice: string
  readonly maxPrice: string
  readonly stepSize: string
  readonly minQuantity: string
  readonly maxQuantity: string
  readonly marketMinQuantity: string
  readonly marketMaxQuantity: string
  readonly minNotional: string
  /** PERCENT_PRICE around the mark, e.g. 1.05 and 0.95. */
  readonly multiplierUp: string
  readonly multiplierDown: string
  /** Share of the mark beyond which a market order does not go. */
  readonly marketTakeBound: string
  /** Share between mark and last price beyond which price-protected orders do not trigger. */
  readonly triggerProtect: string
  /** Share of notional that a liquidation pays to the insurance fund. */
  readonly liquidationFee: string
  readonly maxOrders: number
  readonly fundingIntervalHours: number
  /** By rising notional. */
  readonly brackets: readonly LeverageBracket[]
}

/** What is not said about an instrument is taken from here: BTCUSDT's order of magnitude. */
const USUAL = {
  status: 'TRADING',
  contractType: 'PERPETUAL',
  onboardDate: 1_569_398_400_000,
  deliveryDate: 4_133_404_800_000,
  multiplierUp: '1.05',
  multiplierDown: '0.95',
  marketTakeBound: '0.05',
  triggerProtect: '0.05',
  liquidationFee: '0.0125',
  maxOrders: 200,
  fundingIntervalHours: 8,
} as const

/** Notional cap, highest leverage and maintenance rate of each bracket. */
const USUAL_BRACKETS: readonly (readonly [cap: number, leverage: number, rate: number])[] = [
  [50_000, 125, 0.004],
  [600_000, 100, 0.005],
  [3_000_000, 75, 0.0065],
  [12_000_000, 50, 0.01],
  [70_000_000, 25, 0.02],
  [100_000_000, 20, 0.025],
  [230_000_000, 10, 0.05],
  [480_000_000, 5, 0.1],
  [600_000_000, 4, 0.125],
  [800_000_000, 3, 0.15],
  [1_200_000_000, 2, 0.25],
  [1_800_000_000, 1, 0.5],
]

/**
 * Brackets from caps, leverages and rates, with `cum` so that maintenance margin does not jump at a floor:
 * cum[i] = cum[i-1] + floor[i] * (rate[i] - rate[i-1]), in 1e-8.
 */
export const bracketsFrom = (
  rows: readonly (readonly [cap: number, leverage: number, rate: number])[],
): LeverageBracket[] => {
  const brackets: LeverageBracket[] = []
  let floor = 0
  let cum = 0
  let before = rows[0]?.[2] ?? 0
  for (const [cap, leverage, rate] of rows) {
    cum = Math.round((cum + floor * (rate - before)) * 1e8) / 1e8
    brackets.push({
      bracket: brackets.length + 1,
      initialLeverage: leverage,
      notionalFloor: floor,
      notionalCap: cap,
      maintMarginRatio: rate,
      cum,
    })
    floor = cap
    before = rate
  }
  return brackets
}

const timesPowerOfTen = (step: string, zeros: number): string => {
  const [whole = '0', fraction = ''] = step.split('.')
  const digits = whole + fraction.padEnd(zeros, '0')
  const point = whole.length + zeros
  const integer = digits.slice(0, point).replace(/^0+(?=\d)/, '')
  const rest = digits.slice(point).replace(/0+$/, '')
  return rest === '' ? integer : `${integer}.${rest}`
}

const digitsAfterPoint = (step: string): number =>
  (step.split('.')[1] ?? '').replace(/0+$/, '').length

/**
 * A configured instrument as an exchange lists it. What configuration does not say (price and quantity
 * maximums, bounds, brackets) is of the usual magnitude; `given` overrides any of it.
 */
export const listInstrument = (
  instrument: Instrument,
  given: Partial<ExchangeInstrument> = {},
): ExchangeInstrument => ({
  ...USUAL,
  symbol: instrument.symbol,
  baseAsset: instrument.base_asset,
  quoteAsset: instrument.quote_asset,
  pricePrecision: digitsAfterPoint(instrument.tick_size) + 1,
  quantityPrecision: digitsAfterPoint(instrument.lot_size),
  tickSize: instrument.tick_size,
  minPrice: instrument.tick_size,
  maxPrice: timesPowerOfTen(instrument.tick_size, 8),
  stepSize: instrument.lot_size,
  minQuantity: instrument.min_quantity,
  maxQuantity: timesPowerOfTen(instrument.lot_size, 6),
  marketMinQuantity: instrument.min_quantity,
  marketMaxQuantity: timesPowerOfTen(instrument.lot_size, 5),
  minNotional: instrument.min_notional,
  brackets: bracketsFrom(
    USUAL_BRACKETS.map(([cap, leverage, rate]) => [cap, leverage, rate] as const),
  ),
  ...given,
})
