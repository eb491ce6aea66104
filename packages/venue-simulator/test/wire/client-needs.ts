import type { Fields, Shape } from './check-fields.ts'
import { of } from './shapes.ts'

/** `a b?d c:i`: text, unless a colon says otherwise; codes are those of `Shape`. */
const need = (names: string, more: Readonly<Record<string, Shape>> = {}): Fields =>
  of({
    ...Object.fromEntries(
      names.split(' ').map((name): [string, Shape] => {
        const [field = '', code = 's'] = name.split(':')
        return [field, code]
      }),
    ),
    ...more,
  })

const ORDER = need(
  'symbol orderId:i clientOrderId origQty executedQty price status timeInForce type side updateTime:i',
)
const ALGO = need(
  'algoId:i clientAlgoId algoType orderType symbol side positionSide timeInForce quantity triggerPrice',
)
const LEVELS: Shape = [{ tuple: ['d', 'd'] }]

/**
 * What other clients cannot do without: fields that the typed decoders of NautilusTrader (for Python and for
 * Rust) declare as required, and that Hummingbot's connector reads without asking whether they are there, by
 * method and path. Fields beyond these are no matter here.
 */
export const CLIENTS_NEED_OF_REST: Readonly<Record<string, Shape>> = {
  'GET /fapi/v1/time': need('serverTime:i'),
  'GET /fapi/v1/exchangeInfo': need('timezone serverTime:i', {
    rateLimits: [need('rateLimitType interval intervalNum:i limit:i')],
    exchangeFilters: [need('filterType')],
    assets: [need('asset marginAvailable:b autoAssetExchange')],
    symbols: [
      need(
        'symbol pair contractType deliveryDate:i onboardDate:i status maintMarginPercent requiredMarginPercent baseAsset quoteAsset marginAsset pricePrecision:i quantityPrecision:i baseAssetPrecision:i quotePrecision:i underlyingType triggerProtect liquidationFee marketTakeBound',
        {
          underlyingSubType: ['s'],
          orderTypes: [
            '=LIMIT,MARKET,STOP,STOP_MARKET,TAKE_PROFIT,TAKE_PROFIT_MARKET,TRAILING_STOP_MARKET',
          ],
          timeInForce: ['=GTC,IOC,FOK,GTX,GTD'],
          filters: [need('filterType')],
        },
      ),
    ],
  }),
  'GET /fapi/v1/depth': of({ lastUpdateId: 'i', bids: LEVELS, asks: LEVELS }),
  'GET /fapi/v1/trades': [need('id:i price qty quoteQty time:i isBuyerMaker:b')],
  'GET /fapi/v1/aggTrades': [need('a:i p q f:i l:i T:i m:b')],
  'GET /fapi/v1/openInterest': need('symbol openInterest time:i'),
  'GET /futures/data/openInterestHist': [need('sumOpenInterest sumOpenInterestValue timestamp:i')],
  'GET /fapi/v1/fundingRate': [need('symbol fundingRate fundingTime:i')],
  'GET /fapi/v2/account': need(
    'feeTier:i canTrade:b canDeposit:b canWithdraw:b updateTime:i totalWalletBalance availableBalance',
    {
      assets: [
        need(
          'asset walletBalance unrealizedProfit marginBalance maintMargin initialMargin positionInitialMargin openOrderInitialMargin crossWalletBalance crossUnPnl availableBalance maxWithdrawAmount updateTime:i',
        ),
      ],
    },
  ),
  'GET /fapi/v2/balance': [need('asset balance availableBalance updateTime:i')],
  'GET /fapi/v2/positionRisk': [
    need('symbol positionSide positionAmt entryPrice markPrice unRealizedProfit leverage:d'),
  ],
  'GET /fapi/v3/positionRisk': [
    need(
      'symbol positionSide positionAmt entryPrice markPrice unRealizedProfit liquidationPrice isolatedMargin updateTime:i',
    ),
  ],
  'GET /fapi/v1/symbolConfig': [
    need('symbol marginType isAutoAddMargin:b leverage:i maxNotionalValue'),
  ],
  'GET /fapi/v1/commissionRate': need('symbol makerCommissionRate takerCommissionRate'),
  'GET /fapi/v1/positionSide/dual': need('dualSidePosition:b'),
  'POST /fapi/v1/leverage': need('symbol leverage:i maxNotionalValue'),
  'POST /fapi/v1/marginType': need('code:i msg'),
  'POST /fapi/v1/positionSide/dual': need('code:i msg'),
  'POST /fapi/v1/order': ORDER,
  'PUT /fapi/v1/order': ORDER,
  'DELETE /fapi/v1/order': ORDER,
  'GET /fapi/v1/order': ORDER,
  'GET /fapi/v1/openOrders': [ORDER],
  'GET /fapi/v1/allOrders': [ORDER],
  'DELETE /fapi/v1/allOpenOrders': need('code:i msg'),
  'POST /fapi/v1/algoOrder': ALGO,
  'GET /fapi/v1/algoOrder': ALGO,
  'GET /fapi/v1/openAlgoOrders': [ALGO],
  'GET /fapi/v1/allAlgoOrders': [ALGO],
  'DELETE /fapi/v1/algoOrder': need('algoId:i clientAlgoId code msg'),
  'GET /fapi/v1/userTrades': [
    need(
      'symbol id:i orderId:i side positionSide price qty quoteQty realizedPnl commission commissionAsset time:i buyer:b maker:b',
    ),
  ],
  'GET /fapi/v1/income': [need('incomeType income asset time:i')],
  'POST /fapi/v1/listenKey': need('listenKey'),
}

/** The same of messages on streams, by `e`. */
export const CLIENTS_NEED_OF_STREAMS: Readonly<Record<string, Shape>> = {
  aggTrade: need('e E:i s a:i p q f:i l:i T:i m:b'),
  trade: need('e E:i s t:i p q T:i m:b'),
  depthUpdate: need('e E:i T:i s U:i u:i pu:i', { b: LEVELS, a: LEVELS }),
  bookTicker: need('e u:i E:i T:i s b B a A'),
  kline: need('e E:i s', { k: need('t:i T:i s i f:i L:i o c h l v n:i x:b q V Q B') }),
  markPriceUpdate: need('e E:i s p i P r T:i'),
  forceOrder: need('e E:i', { o: need('s S o f q p ap X l z T:i') }),
  '24hrTicker': need('e E:i s p P w c Q o h l v q O:i C:i F:i L:i n:i'),
  ORDER_TRADE_UPDATE: need('e E:i T:i', {
    o: need(
      's c S o f q p ap sp x X i:i l z L T:i t:i b a m:b R:b wt ot ps pP:b si:i ss:i rp gtd:i',
    ),
  }),
  TRADE_LITE: need('e E:i T:i s c S q p i:i l L t:i m:b'),
  ACCOUNT_UPDATE: need('e E:i T:i', { a: need('m', { B: [need('a wb cw bc')] }) }),
  ALGO_UPDATE: need('e E:i T:i', {
    o: need('caid aid:i at o s S ps f q X tp p wt pm cp:b pP:b R:b tt:i gtd:i'),
  }),
  MARGIN_CALL: need('e E:i cw:d', { p: [need('s ps pa mt iw mp up mm')] }),
  listenKeyExpired: need('e E:i'),
}
