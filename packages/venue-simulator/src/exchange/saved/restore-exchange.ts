import { DisplayedLiquidity, OpenPosition, dec } from '@tapedeck/core'
import type { AccountState } from '../accounts/account-state.ts'
import { EventLog } from '../event-log.ts'
import type { ExchangeHooks } from '../exchange-options.ts'
import { ExchangeState } from '../exchange-state.ts'
import { House } from '../accounts/house.ts'
import { rulesOf } from '../orders/instrument-rules.ts'
import { PublishedBook } from '../market/published-book.ts'
import { SymbolMarket } from '../market/symbol-market.ts'
import { TradeTape } from '../market/trade-tape.ts'
import { found, restoreAccount } from './restore-account.ts'
import { EXCHANGE_STATE_VERSION, type SavedExchange, type SavedMarket } from './saved-exchange.ts'

const restoreHouse = (saved: SavedExchange['house']): House => {
  const house = new House(dec(saved.insurance))
  house.deposited = dec(saved.deposited)
  house.fees = dec(saved.fees)
  house.fundingPaid = dec(saved.fundingPaid)
  return house
}

/** A market as it stood, but for who stands in it. */
const restoreMarket = (saved: SavedMarket): SymbolMarket => {
  const rules = rulesOf(saved.instrument)
  const market = new SymbolMarket(rules, {
    liquidity: DisplayedLiquidity.restore(saved.liquidity),
    outside: new OpenPosition(saved.outside),
    fund: new OpenPosition(saved.fund),
    tape: TradeTape.restore(rules, saved.tape),
    publish: (lotsAt) => PublishedBook.restore(rules, saved.published, lotsAt),
    nextOrderId: saved.nextOrderId,
  })
  const { mark } = saved
  market.status = saved.status
  market.mark = mark === null ? null : { ...mark, price: dec(mark.price), index: dec(mark.index) }
  market.nextFundingTime = saved.nextFundingTime
  market.lastFundedAt = saved.lastFundedAt
  for (const row of saved.fundingRates) market.fundingRates.push(row)
  market.lastTicks = saved.lastTicks
  return market
}

/** Puts everyone back where he stood. */
const fillMarket = (
  market: SymbolMarket,
  saved: SavedMarket,
  accountOf: (id: string) => AccountState,
): void => {
  const { symbol } = market.rules
  for (const id of saved.holders) market.holders.add(accountOf(id))
  for (const [id, algoId] of saved.armed)
    market.armed.add(
      found(accountOf(id).conditionals.get(algoId), `conditional order ${algoId} of ${id}`),
    )
  for (const [id, orderId] of saved.resting)
    market.resting.add(
      found(accountOf(id).findOrder(symbol, { orderId }), `order ${orderId} of ${id}`),
    )
}

/** Throws a RangeError on another version, and on what refers to something that is not there. */
export const restoreExchange = (saved: SavedExchange, hooks: ExchangeHooks): ExchangeState => {
  if (saved.version !== EXCHANGE_STATE_VERSION)
    throw new RangeError(
      `saved exchange of version ${String(saved.version)}: expected ${EXCHANGE_STATE_VERSION}`,
    )
  const state = new ExchangeState({
    now: saved.now,
    asset: saved.asset,
    leverage: saved.leverage,
    fees: saved.fees,
    maxConditionals: saved.maxConditionals,
    hooks,
    house: restoreHouse(saved.house),
    firstId: saved.nextId,
    log: EventLog.restore(saved.log),
  })
  for (const timer of saved.timers) state.timers.set(timer)
  for (const market of saved.markets)
    state.markets.set(market.instrument.symbol, restoreMarket(market))
  for (const account of saved.accounts)
    state.accounts.set(account.id, restoreAccount(state, account))
  const accountOf = (id: string): AccountState => found(state.accounts.get(id), `account ${id}`)
  for (const market of saved.markets)
    fillMarket(state.markets.get(market.instrument.symbol)!, market, accountOf)
  return state
}
