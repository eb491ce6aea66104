import { Random, dec } from '@tapedeck/core'
import type { ExchangeOptions } from './exchange-options.ts'
import { ExchangeState } from './exchange-state.ts'
import { House } from './accounts/house.ts'
import { rulesOf } from './orders/instrument-rules.ts'
import { SymbolMarket } from './market/symbol-market.ts'

const MAKER_FEE_PERCENT = 0.02
const TAKER_FEE_PERCENT = 0.05

/** The beginning of an exchange. Throws a RangeError on instruments that do not fit together. */
export const newState = (options: ExchangeOptions): ExchangeState => {
  const random = new Random(options.seed ?? 1)
  const assets = new Set(options.instruments.map(({ quoteAsset }) => quoteAsset))
  const [asset = 'USDT'] = assets
  if (assets.size > 1)
    throw new RangeError(`instruments in ${[...assets].join(', ')}: expected one margin asset`)
  const state = new ExchangeState({
    now: options.startTime,
    asset,
    leverage: options.leverage ?? 20,
    fees: {
      makerFeePercent: options.makerFeePercent ?? MAKER_FEE_PERCENT,
      takerFeePercent: options.takerFeePercent ?? TAKER_FEE_PERCENT,
    },
    maxConditionals: options.maxConditionals ?? 200,
    hooks: options.hooks ?? {},
    house: new House(dec(options.insuranceFund ?? '1000000')),
    firstId: random.integer(1_000_000, 9_000_000),
  })
  for (const instrument of options.instruments) {
    if (state.markets.has(instrument.symbol))
      throw new RangeError(`instrument ${instrument.symbol} is listed twice`)
    const first = {
      order: random.integer(10_000_000, 90_000_000),
      trade: random.integer(100_000_000, 900_000_000),
      aggregate: random.integer(1_000_000, 9_000_000),
      update: random.integer(1_000_000_000, 9_000_000_000),
    }
    state.markets.set(instrument.symbol, SymbolMarket.open(rulesOf(instrument), first))
  }
  return state
}
