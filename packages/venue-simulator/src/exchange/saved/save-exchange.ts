import type { Side } from '@tapedeck/contracts'
import type { ExchangeState } from '../exchange-state.ts'
import type { SymbolMarket } from '../market/symbol-market.ts'
import { saveAccount } from './save-account.ts'
import {
  EXCHANGE_STATE_VERSION,
  type SavedExchange,
  type SavedMarket,
  type SavedRef,
} from './saved-exchange.ts'

const restingOf = ({ resting }: SymbolMarket, side: Side): SavedRef[] =>
  resting
    .prices(side)
    .flatMap((ticks) =>
      resting.at(side, ticks).map(({ account, orderId }): SavedRef => [account.id, orderId]),
    )

const saveMark = ({ mark }: SymbolMarket): SavedMarket['mark'] =>
  mark === null ? null : { ...mark, price: mark.price.toString(), index: mark.index.toString() }

const saveMarket = (market: SymbolMarket): SavedMarket => ({
  instrument: market.rules.instrument,
  status: market.status,
  liquidity: market.liquidity.snapshot(),
  resting: [...restingOf(market, 'BUY'), ...restingOf(market, 'SELL')],
  published: market.published.snapshot(),
  tape: market.tape.snapshot(),
  outside: market.outside.totals(),
  fund: market.fund.totals(),
  mark: saveMark(market),
  nextFundingTime: market.nextFundingTime,
  lastFundedAt: market.lastFundedAt,
  fundingRates: [...market.fundingRates],
  lastTicks: market.lastTicks,
  armed: [...market.armed].map(({ account, algoId }): SavedRef => [account.id, algoId]),
  holders: [...market.holders].map(({ id }) => id),
  nextOrderId: market.nextOrderId,
})

/** All of an exchange, between two calls: then nothing is left that follows from what was done. */
export const saveExchange = (state: ExchangeState): SavedExchange => {
  const { house } = state
  return {
    version: EXCHANGE_STATE_VERSION,
    now: state.now,
    asset: state.asset,
    leverage: state.leverage,
    fees: state.fees,
    maxConditionals: state.maxConditionals,
    nextId: state.nextId,
    house: {
      deposited: house.deposited.toString(),
      fees: house.fees.toString(),
      insurance: house.insurance.toString(),
      fundingPaid: house.fundingPaid.toString(),
    },
    log: state.log.snapshot(),
    timers: [...state.timers.pending()],
    markets: [...state.markets.values()].map(saveMarket),
    accounts: [...state.accounts.values()].map(saveAccount),
  }
}
