import { dec, toDecimalString, type Dec } from '@tapedeck/core'
import { accountMargin, withdrawable } from './account-margin.ts'
import { AccountState } from './account-state.ts'
import type { MarginType } from './account-types.ts'
import { writeIncome } from '../matching/book-fill.ts'
import {
  balanceChange,
  describeConfig,
  feeAssetChange,
  positionChange,
} from './describe-account.ts'
import type { BalanceCause } from '../exchange-event.ts'
import { openFeeAsset, type OpenFeeAsset } from './fee-asset.ts'
import type { ExchangeState } from '../exchange-state.ts'
import type { Holding, Stake } from './holding.ts'
import { greatestNotional, notionalCapAt } from './margin.ts'
import type { PositionSideName } from '../orders/order-types.ts'
import { accept, refuse, type ExchangeResult, type Refused } from '../refusal.ts'
import type { SymbolConfig } from './account-types.ts'

const AMOUNT = /^\d{1,18}(\.\d{1,8})?$/

const readAmount = (text: string): ExchangeResult<Dec> =>
  AMOUNT.test(text) && dec(text).gt(0)
    ? accept(dec(text))
    : refuse('PARAMETER_MALFORMED', `amount '${text}': a positive decimal of at most 8 places`)

/** Money and settings of accounts. */
export class AccountDesk {
  readonly #state: ExchangeState

  constructor(state: ExchangeState) {
    this.#state = state
  }

  open(id: string, fees: { makerFeePercent: number; takerFeePercent: number }): AccountState {
    if (this.#state.accounts.has(id)) throw new RangeError(`account ${id} is open already`)
    const account = new AccountState(id, { at: this.#state.now, ...fees })
    this.#state.accounts.set(id, account)
    return account
  }

  /** Gives an account something to pay commissions with, as `checkFeeAsset` allows it. */
  addFeeAsset(account: AccountState, given: OpenFeeAsset): void {
    const feeAsset = openFeeAsset(given)
    account.feeAsset = feeAsset
    const { asset, deposited: amount } = feeAsset
    const about = { type: 'TRANSFER' as const, symbol: '', info: 'TRANSFER', tradeId: null }
    writeIncome(this.#state, account, { ...about, amount, asset })
    this.#state.log.tell(this.#state.now, {
      kind: 'balance',
      account: account.id,
      cause: 'DEPOSIT',
      balances: feeAssetChange(account, amount),
      positions: [],
      symbol: null,
    })
  }

  /** Whether commissions are paid out of the fee asset. Without one it stays off. */
  setFeeBurn(account: AccountState, burns: boolean): ExchangeResult<null> {
    if (account.feeAsset !== null) account.feeAsset.burns = burns
    else if (burns) return refuse('BALANCE_INSUFFICIENT', 'the account has no fee asset')
    return accept(null)
  }

  deposit(account: AccountState, text: string): ExchangeResult<null> {
    const amount = readAmount(text)
    if (!amount.ok) return amount
    this.#transfer(account, amount.value, 'DEPOSIT')
    return accept(null)
  }

  withdraw(account: AccountState, text: string): ExchangeResult<null> {
    const amount = readAmount(text)
    if (!amount.ok) return amount
    const most = withdrawable(accountMargin(account))
    if (amount.value.gt(most))
      return refuse('BALANCE_INSUFFICIENT', `amount ${text}: at most ${toDecimalString(most)}`)
    this.#transfer(account, amount.value.neg(), 'WITHDRAW')
    return accept(null)
  }

  #transfer(account: AccountState, amount: Dec, cause: 'DEPOSIT' | 'WITHDRAW'): void {
    account.wallet = account.wallet.plus(amount)
    account.updatedAt = this.#state.now
    this.#state.house.deposited = this.#state.house.deposited.plus(amount)
    writeIncome(this.#state, account, {
      type: 'TRANSFER',
      symbol: '',
      amount,
      info: 'TRANSFER',
      tradeId: null,
    })
    this.#tellBalance(account, cause, amount, [])
  }

  #tellBalance(
    account: AccountState,
    cause: BalanceCause,
    change: Dec,
    holdings: readonly Holding[],
  ): void {
    this.#state.log.tell(this.#state.now, {
      kind: 'balance',
      account: account.id,
      cause,
      balances: [balanceChange(account, this.#state.asset, change)],
      positions: holdings.map((holding) => positionChange(holding, account)),
      symbol: null,
    })
  }

  #stake(account: AccountState, symbol: string): ExchangeResult<Stake> {
    const market = this.#state.markets.get(symbol)
    return market === undefined
      ? refuse('SYMBOL_UNKNOWN', `symbol ${symbol}`)
      : accept(account.stake(market, this.#state.leverage))
  }

  setLeverage(
    account: AccountState,
    symbol: string,
    leverage: number,
  ): ExchangeResult<SymbolConfig> {
    const found = this.#stake(account, symbol)
    if (!found.ok) return found
    const stake = found.value
    const { brackets } = stake.market.rules.instrument
    const most = brackets[0]?.initialLeverage ?? 1
    if (!Number.isSafeInteger(leverage) || leverage < 1 || leverage > most)
      return refuse('LEVERAGE_INVALID', `leverage ${leverage}: a whole number from 1 to ${most}`)
    const refused = this.#checkLeverage(account, stake, leverage)
    if (refused !== null) return refused
    const changed = stake.leverage !== leverage
    stake.leverage = leverage
    if (changed)
      this.#state.log.tell(this.#state.now, {
        kind: 'leverage',
        account: account.id,
        symbol,
        leverage,
      })
    return accept(describeConfig(stake))
  }

  #checkLeverage(account: AccountState, stake: Stake, leverage: number): Refused | null {
    const { rules } = stake.market
    if (leverage < stake.leverage && stake.marginType === 'ISOLATED' && !stake.isFlat)
      return refuse('LEVERAGE_REDUCTION_ISOLATED', 'not with an isolated position')
    const cap = notionalCapAt(rules.instrument.brackets, leverage)
    for (const holding of stake.holdings) {
      const most = greatestNotional(
        holding.notional,
        rules.tickLot.times(holding.openBuys),
        rules.tickLot.times(holding.openSells),
      )
      if (most.gt(cap))
        return refuse(
          'POSITION_ABOVE_LEVERAGE_LIMIT',
          `notional ${toDecimalString(most)}: at most ${cap} at leverage ${leverage}`,
        )
    }
    if (leverage >= stake.leverage) return null
    return this.#canCarry(account, stake, leverage)
      ? null
      : refuse('LEVERAGE_TOO_LOW_FOR_MARGIN', `leverage ${leverage}: margin does not suffice`)
  }

  /** True when the margin would suffice at another leverage. */
  #canCarry(account: AccountState, stake: Stake, leverage: number): boolean {
    const before = stake.leverage
    const needed = (): Dec => {
      const margin = accountMargin(account)
      return margin.positionInitial.plus(margin.openOrderInitial)
    }
    const { available } = accountMargin(account)
    const now = needed()
    stake.leverage = leverage
    const more = needed().minus(now)
    stake.leverage = before
    return more.lte(available)
  }

  setMarginType(account: AccountState, symbol: string, type: MarginType): ExchangeResult<null> {
    const found = this.#stake(account, symbol)
    if (!found.ok) return found
    const stake = found.value
    if (stake.marginType === type) return refuse('MARGIN_TYPE_UNCHANGED', `it is ${type} already`)
    if (stake.open.size > 0 || hasConditionals(account, symbol))
      return refuse('MARGIN_TYPE_WITH_ORDERS', `orders of ${symbol} are open`)
    if (!stake.isFlat) return refuse('MARGIN_TYPE_WITH_POSITION', `a position of ${symbol} is open`)
    stake.marginType = type
    const holdings = account.hedgeMode ? [stake.long, stake.short] : [stake.both]
    this.#tellBalance(account, 'MARGIN_TYPE_CHANGE', dec(0), holdings)
    return accept(null)
  }

  setPositionMode(account: AccountState, hedgeMode: boolean): ExchangeResult<null> {
    if (account.hedgeMode === hedgeMode)
      return refuse('POSITION_MODE_UNCHANGED', `hedge mode is ${hedgeMode} already`)
    const stakes = [...account.stakes.values()]
    if (stakes.some(({ open }) => open.size > 0) || account.openConditionals.size > 0)
      return refuse('POSITION_MODE_WITH_ORDERS', 'orders are open')
    if (stakes.some(({ isFlat }) => !isFlat))
      return refuse('POSITION_MODE_WITH_POSITIONS', 'positions are open')
    account.hedgeMode = hedgeMode
    this.#state.log.tell(this.#state.now, { kind: 'position_mode', account: account.id, hedgeMode })
    return accept(null)
  }

  /** Adds to an isolated position's wallet, or takes from it what its margins do not need. */
  moveMargin(
    account: AccountState,
    symbol: string,
    side: PositionSideName,
    text: string,
  ): ExchangeResult<null> {
    const found = this.#stake(account, symbol)
    if (!found.ok) return found
    const takes = text.startsWith('-')
    const amount = readAmount(takes ? text.slice(1) : text)
    if (!amount.ok) return amount
    const holding = found.value.holding(side)
    if (found.value.marginType !== 'ISOLATED' || holding.isFlat)
      return refuse('POSITION_NOT_ISOLATED', `${symbol} ${side}: no isolated position`)
    const most = takes ? spare(holding) : accountMargin(account).available
    if (amount.value.gt(most))
      return refuse('MARGIN_INSUFFICIENT', `amount ${text}: at most ${toDecimalString(most)}`)
    const change = takes ? amount.value.neg() : amount.value
    holding.isolatedWallet = holding.isolatedWallet.plus(change)
    holding.updatedAt = this.#state.now
    this.#tellBalance(account, 'MARGIN_TRANSFER', change.neg(), [holding])
    return accept(null)
  }
}

const hasConditionals = (account: AccountState, symbol: string): boolean => {
  for (const { market } of account.openConditionals) if (market.rules.symbol === symbol) return true
  return false
}

/** What an isolated position's initial margin at the mark does not need. */
const spare = (holding: Holding): Dec => {
  const { leverage } = holding.stake
  const initial = holding.notional.abs().div(leverage)
  const own = holding.isolatedWallet
  const withLoss = own.plus(holding.unrealized)
  const free = (own.lt(withLoss) ? own : withLoss).minus(initial)
  return free.gt(0) ? free.toDecimalPlaces(8, 1) : dec(0)
}
