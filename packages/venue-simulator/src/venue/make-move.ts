import { dec, floorToStep, toDecimalString } from '@tapedeck/core'
import {
  accept,
  refuse,
  type Exchange,
  type ExchangeResult,
  type SymbolStatus,
} from '../exchange/index.ts'
import type { VenueMove } from '../faults/index.ts'
import { priceJump } from './market-action.ts'

const STATUSES: Readonly<Record<string, SymbolStatus>> = {
  TRADING: 'TRADING',
  PENDING_TRADING: 'PENDING_TRADING',
  SETTLING: 'SETTLING',
  CLOSE: 'CLOSE',
}

type OfAccounts = { readonly account: string | null; readonly symbol: string | null }

/** Whom it happens to: every account and symbol with a position, where none is named. */
const positionsMeant = (
  exchange: Exchange,
  { account, symbol }: OfAccounts,
): readonly { readonly account: string; readonly symbol: string; readonly quantity: string }[] =>
  exchange
    .accounts()
    .filter((name) => account === null || name === account)
    .flatMap((name) =>
      exchange
        .positions(name, symbol === null ? {} : { symbol })
        .filter(({ quantity }) => !dec(quantity).isZero())
        .map((position) => ({
          account: name,
          symbol: position.symbol,
          quantity: position.quantity,
        })),
    )

const deleverage = (
  exchange: Exchange,
  move: Extract<VenueMove, { kind: 'deleverage' }>,
): readonly ExchangeResult<unknown>[] =>
  positionsMeant(exchange, move).map(({ account, symbol, quantity }) => {
    const step = exchange.instrument(symbol)?.stepSize ?? '1'
    const part = floorToStep(dec(quantity).abs().times(dec(move.part)), step)
    const closed = part.isZero() ? dec(step) : part
    return exchange.deleverage(account, symbol, { quantity: toDecimalString(closed) })
  })

const accountsMeant = (exchange: Exchange, account: string | null): readonly string[] =>
  account === null ? exchange.accounts() : [account]

const symbolsMeant = (exchange: Exchange, symbol: string | null): readonly string[] =>
  symbol === null ? exchange.instruments().map((instrument) => instrument.symbol) : [symbol]

type Target = { readonly account?: string | null; readonly symbol: string | null }
type Done = readonly ExchangeResult<unknown>[]

const eachOf = (
  exchange: Exchange,
  { account = null, symbol }: Target,
  act: (account: string, symbol: string) => ExchangeResult<unknown>,
): Done =>
  accountsMeant(exchange, account).flatMap((one) =>
    symbolsMeant(exchange, symbol).map((other) => act(one, other)),
  )

const eachSymbol = (
  exchange: Exchange,
  { symbol }: Target,
  act: (symbol: string) => ExchangeResult<unknown>,
): Done => symbolsMeant(exchange, symbol).map(act)

const setStatus = (exchange: Exchange, symbol: string, status: string): ExchangeResult<unknown> =>
  status === 'SETTLING'
    ? exchange.settle(symbol)
    : exchange.setSymbolStatus(symbol, STATUSES[status] ?? 'PENDING_TRADING')

const jump = (exchange: Exchange, symbol: string, share: number): ExchangeResult<null> => {
  const events = priceJump(exchange, symbol, share)
  for (const event of events) exchange.applyMarket(event)
  return events.length > 0
    ? accept(null)
    : refuse('SYMBOL_UNKNOWN', `symbol ${symbol}: has no book to move`)
}

/**
 * Does what a fault plan or an operator wants to happen at the exchange. The results say which of it could
 * not be done and why: that is no error here.
 */
export const makeMove = (exchange: Exchange, move: VenueMove): Done => {
  switch (move.kind) {
    case 'liquidate':
      return positionsMeant(exchange, move).map(({ account, symbol }) =>
        exchange.liquidate(account, symbol),
      )
    case 'deleverage':
      return deleverage(exchange, move)
    case 'foreign_order':
      return eachOf(exchange, move, (account, symbol) =>
        exchange.placeOrder(account, {
          symbol,
          side: move.side,
          type: 'MARKET',
          quantity: move.quantity,
          clientOrderId: move.clientOrderId,
        }),
      )
    case 'set_leverage':
      return eachOf(exchange, move, (account, symbol) =>
        exchange.setLeverage(account, symbol, move.leverage),
      )
    case 'set_margin_type':
      return eachOf(exchange, move, (account, symbol) =>
        exchange.setMarginType(account, symbol, move.marginType),
      )
    case 'funding':
      return eachSymbol(exchange, move, (symbol) => exchange.fund(symbol, Number(move.rate)))
    case 'symbol_status':
      return eachSymbol(exchange, move, (symbol) => setStatus(exchange, symbol, move.status))
    case 'price_jump':
    default:
      return eachSymbol(exchange, move, (symbol) => jump(exchange, symbol, move.share))
  }
}
