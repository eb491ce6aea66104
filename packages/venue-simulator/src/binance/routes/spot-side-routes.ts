import type { Answer, Call, Route } from '../route.ts'

const NOTHING = '0'

/** A coin of the wallet beside: there is none of it, and nowhere to send it. */
const coinJson = (coin: string): object => ({
  coin,
  name: coin,
  free: NOTHING,
  locked: NOTHING,
  freeze: NOTHING,
  withdrawing: NOTHING,
  ipoing: NOTHING,
  ipoable: NOTHING,
  storage: NOTHING,
  isLegalMoney: false,
  trading: true,
  depositAllEnable: false,
  withdrawAllEnable: false,
  networkList: [],
})

const coins = ({ exchange }: Call): Answer => {
  const listed = exchange
    .instruments()
    .flatMap(({ baseAsset, quoteAsset }) => [baseAsset, quoteAsset])
  return [...new Set(listed)].map(coinJson)
}

/** Markets of another part: it lists none. */
const noSymbols = ({ time }: Call): Answer => ({
  timezone: 'UTC',
  serverTime: time,
  rateLimits: [],
  exchangeFilters: [],
  symbols: [],
})

const anyone = (path: string, answer: Route['answer']): Route => ({
  method: 'GET',
  path,
  access: 'anyone',
  weight: 1,
  answer,
})

/**
 * What clients of futures ask other parts of the venue when they start: whether it is there, what time it is,
 * which coins and markets there are. Nothing is listed, held or moved there.
 */
export const SPOT_SIDE_ROUTES: readonly Route[] = [
  anyone('/api/v3/ping', () => ({})),
  anyone('/api/v3/time', ({ time }) => ({ serverTime: time })),
  anyone('/api/v3/exchangeInfo', noSymbols),
  anyone('/dapi/v1/exchangeInfo', noSymbols),
  anyone('/sapi/v1/system/status', () => ({ status: 0, msg: 'normal' })),
  ...[
    ['margin/allPairs', () => []] as const,
    ['margin/isolated/allPairs', () => []] as const,
    ['equity/market/exchangeInfo', noSymbols] as const,
  ].map(([name, answer]): Route => ({
    method: 'GET',
    path: `/sapi/v1/${name}`,
    access: 'key',
    weight: 1,
    answer,
  })),
  {
    method: 'GET',
    path: '/sapi/v1/capital/config/getall',
    access: 'read',
    weight: 10,
    answer: coins,
  },
]
