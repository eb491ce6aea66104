import type { AccountView } from '../../exchange/index.ts'
import { API_ERRORS } from '../api-error.ts'
import { placesIn } from '../places-in.ts'
import type { Answer, Call, Route } from '../route.ts'
import {
  accountJson,
  balanceJson,
  oldAccountJson,
  oldPositionRiskJson,
  positionRiskJson,
} from '../shapes/account-json.ts'
import { instrumentOf, optionalInstrumentOf } from '../with-symbol.ts'

const accountOf = ({ exchange, account }: Call): AccountView => {
  const view = exchange.account(account)
  if (view === null) throw API_ERRORS.rejectedKey()
  return view
}

/** Percent of notional as a rate: 0.02 is 0.0002, without a float's tail. */
const asRate = (percent: number): string =>
  (percent / 100).toFixed(8).replace(/(\.\d{4}\d*?)0+$/, '$1')

const commissionRate = (call: Call): Answer => {
  const { symbol } = instrumentOf(call)
  const { makerFeePercent, takerFeePercent } = accountOf(call)
  return {
    symbol,
    makerCommissionRate: asRate(makerFeePercent),
    takerCommissionRate: asRate(takerFeePercent),
    rpiCommissionRate: '0.0000',
  }
}

const accountConfig = (call: Call): Answer => {
  const { hedgeMode } = accountOf(call)
  return {
    feeTier: 0,
    canTrade: true,
    canDeposit: true,
    canWithdraw: true,
    dualSidePosition: hedgeMode,
    updateTime: 0,
    multiAssetsMargin: false,
    tradeGroupId: -1,
  }
}

const symbolConfig = (call: Call): Answer =>
  call.exchange
    .symbolConfigs(call.account, optionalInstrumentOf(call)?.symbol)
    .map(({ symbol, marginType, leverage, maxNotional }) => ({
      symbol,
      marginType,
      isAutoAddMargin: false,
      leverage,
      maxNotionalValue: maxNotional,
    }))

const leverageBracket = (call: Call): Answer => {
  const instrument = optionalInstrumentOf(call)
  const instruments = instrument === null ? call.exchange.instruments() : [instrument]
  return instruments.map(({ symbol }) => ({
    symbol,
    notionalCoef: 1,
    brackets: call.exchange.brackets(symbol),
  }))
}

const positionRisk = (call: Call): Answer => {
  const symbol = optionalInstrumentOf(call)?.symbol
  const places = placesIn(call)
  return call.exchange
    .positions(call.account, symbol === undefined ? {} : { symbol })
    .map((one) => positionRiskJson(one, places(one.symbol)))
}

const oldPositionRisk = (call: Call): Answer => {
  const symbol = optionalInstrumentOf(call)?.symbol
  const places = placesIn(call)
  return call.exchange
    .positions(call.account, { all: true, ...(symbol === undefined ? {} : { symbol }) })
    .map((one) => oldPositionRiskJson(one, places(one.symbol)))
}

const oldAccount = (call: Call): Answer =>
  oldAccountJson(
    accountOf(call),
    call.exchange.positions(call.account, { all: true }),
    placesIn(call),
  )

const ask = (path: string, weight: number, answer: (call: Call) => Answer): Route => ({
  method: 'GET',
  path,
  access: 'read',
  weight,
  answer,
})

/** What an account has and how it is set (binance-ccxt-facts §3.4). */
export const ACCOUNT_ROUTES: readonly Route[] = [
  ask('/fapi/v3/account', 5, (call) => accountJson(accountOf(call), placesIn(call))),
  ask('/fapi/v2/account', 5, oldAccount),
  ask('/fapi/v3/balance', 5, (call) => balanceJson(accountOf(call))),
  ask('/fapi/v2/balance', 5, (call) => balanceJson(accountOf(call))),
  ask('/fapi/v3/positionRisk', 5, positionRisk),
  ask('/fapi/v2/positionRisk', 5, oldPositionRisk),
  ask('/fapi/v1/accountConfig', 5, accountConfig),
  ask('/fapi/v1/symbolConfig', 5, symbolConfig),
  ask('/fapi/v1/leverageBracket', 1, leverageBracket),
  ask('/fapi/v1/commissionRate', 20, commissionRate),
  ask('/fapi/v1/positionSide/dual', 30, (call) => ({
    dualSidePosition: accountOf(call).hedgeMode,
  })),
  ask('/fapi/v1/multiAssetsMargin', 30, () => ({ multiAssetsMargin: false })),
  ask('/fapi/v1/feeBurn', 30, (call) => ({ feeBurn: accountOf(call).feeAsset?.burns === true })),
]
