import { venueWordsOf } from '../binance/index.ts'
import type { PrivateEvent } from '../exchange/index.ts'
import type { Payload } from '../faults/index.ts'

type OfKind<K extends PrivateEvent['kind']> = Extract<PrivateEvent, { kind: K }>
type OrderTold = OfKind<'order'>

/** Told before the order update of a trade, with less in it. */
const tradeLite = ({ order, fill, time }: OrderTold, at: number): Payload[] =>
  fill === null
    ? []
    : [
        {
          e: 'TRADE_LITE',
          E: at,
          T: time,
          s: order.symbol,
          q: order.quantity,
          p: order.price,
          m: fill.maker,
          c: order.clientOrderId,
          S: order.side,
          L: fill.price,
          l: fill.quantity,
          t: fill.id,
          i: order.orderId,
        },
      ]

/** Fields that are there only when they apply. */
const optionalFields = ({ order, execution, fill }: OrderTold): Payload => ({
  ...(execution === 'AMENDMENT' && order.modifyId !== null ? { M: String(order.modifyId) } : {}),
  ...(fill !== null && fill.commission !== '0'
    ? { N: fill.commissionAsset, n: fill.commission }
    : {}),
  ...(order.originalType === 'TRAILING_STOP_MARKET'
    ? { AP: order.activatePrice ?? '0', cr: order.callbackRate ?? '0' }
    : {}),
})

const orderUpdate = (event: OrderTold, at: number): Payload => {
  const { order, fill, time } = event
  return {
    e: 'ORDER_TRADE_UPDATE',
    E: at,
    T: time,
    o: {
      s: order.symbol,
      c: order.clientOrderId,
      S: order.side,
      o: order.type,
      f: order.timeInForce,
      q: order.quantity,
      p: order.price,
      ap: order.averagePrice,
      sp: order.stopPrice,
      x: event.execution,
      X: order.status,
      i: order.orderId,
      l: fill?.quantity ?? '0',
      z: order.executedQuantity,
      L: fill?.price ?? '0',
      T: time,
      t: fill?.id ?? 0,
      b: '0',
      a: '0',
      m: fill?.maker ?? false,
      R: order.reduceOnly,
      wt: order.workingType,
      ot: order.originalType,
      ps: order.positionSide,
      cp: order.closePosition,
      pP: order.priceProtect,
      si: 0,
      ss: 0,
      rp: fill?.realizedPnl ?? '0',
      V: order.selfTradePrevention,
      pm: order.priceMatch,
      gtd: order.goodTillDate,
      // Text, by the types of the venue's own connector.
      er: String(order.expiryReason),
      ...optionalFields(event),
    },
  }
}

const accountUpdate = (event: OfKind<'balance'>, at: number): Payload => {
  const positions = event.positions.map((position) => ({
    s: position.symbol,
    pa: position.quantity,
    ep: position.entryPrice,
    bep: position.breakEvenPrice,
    cr: position.accumulatedRealized,
    up: position.unrealizedPnl,
    mt: position.marginType === 'ISOLATED' ? 'isolated' : 'cross',
    iw: position.isolatedWallet,
    ps: position.positionSide,
  }))
  const isFunding = event.cause === 'FUNDING_FEE'
  return {
    e: 'ACCOUNT_UPDATE',
    E: at,
    T: event.time,
    a: {
      m: event.cause,
      B: event.balances.map((balance) => ({
        a: balance.asset,
        wb: balance.walletBalance,
        cw: balance.crossWalletBalance,
        bc: balance.change,
      })),
      // Funding of a cross position says nothing of the position.
      ...(isFunding && positions.length === 0 ? {} : { P: positions }),
      ...(isFunding && event.symbol !== null ? { S: event.symbol } : {}),
    },
  }
}

const algoUpdate = ({ conditional, time }: OfKind<'conditional'>, at: number): Payload => ({
  e: 'ALGO_UPDATE',
  T: time,
  E: at,
  o: {
    caid: conditional.clientAlgoId,
    aid: conditional.algoId,
    at: 'CONDITIONAL',
    o: conditional.type,
    s: conditional.symbol,
    S: conditional.side,
    ps: conditional.positionSide,
    f: conditional.timeInForce,
    q: conditional.quantity,
    X: conditional.status,
    ai: conditional.orderId === null ? '' : String(conditional.orderId),
    ap: conditional.averagePrice,
    aq: conditional.executedQuantity,
    act: conditional.orderType ?? '0',
    tp: conditional.triggerPrice,
    p: conditional.price,
    V: conditional.selfTradePrevention,
    wt: conditional.workingType,
    pm: conditional.priceMatch,
    cp: conditional.closePosition,
    pP: conditional.priceProtect,
    R: conditional.reduceOnly,
    tt: conditional.triggeredAt,
    gtd: conditional.goodTillDate,
    rm: venueWordsOf(conditional.reason),
    ia: conditional.activated ?? false,
  },
})

const marginCall = (event: OfKind<'margin_call'>, at: number): Payload => ({
  e: 'MARGIN_CALL',
  E: at,
  ...(event.crossWalletBalance === null ? {} : { cw: event.crossWalletBalance }),
  p: event.positions.map((position) => ({
    s: position.symbol,
    ps: position.positionSide,
    pa: position.quantity,
    mt: position.marginType,
    iw: position.isolatedWallet,
    mp: position.markPrice,
    up: position.unrealizedPnl,
    mm: position.maintenanceMargin,
  })),
})

/**
 * What an account's stream says of an event, in order (binance-ccxt-facts §3.6, §6.3). `at` is `E`. The
 * position mode is not pushed by the venue: whoever changes it knows.
 */
export const userPayloads = (event: PrivateEvent, at: number): readonly Payload[] => {
  if (event.kind === 'order')
    return event.execution === 'TRADE'
      ? [...tradeLite(event, at), orderUpdate(event, at)]
      : [orderUpdate(event, at)]
  if (event.kind === 'balance') return [accountUpdate(event, at)]
  if (event.kind === 'conditional') return [algoUpdate(event, at)]
  if (event.kind === 'margin_call') return [marginCall(event, at)]
  if (event.kind === 'position_mode') return []
  const ac = { s: event.symbol, l: event.leverage }
  return [{ e: 'ACCOUNT_CONFIG_UPDATE', E: at, T: event.time, ac }]
}

/** The last word on a listen key; the connection stays open. */
export const listenKeyExpiredPayload = (listenKey: string, at: number): Payload => ({
  e: 'listenKeyExpired',
  E: at,
  listenKey,
})
