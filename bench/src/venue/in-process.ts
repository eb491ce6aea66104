import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SimulatedVenue } from '@tapedeck/venue-simulator'
import {
  ACCOUNT,
  SECRET,
  canceling,
  orderRequest,
  resting,
  signedText,
  venueUnderTest,
} from './venue-under-test.ts'

const ORDERS = 4000
const SYMBOL = 'BTCUSDT'

const rate = (count: number, work: () => void): number => {
  const start = performance.now()
  work()
  return (count * 1000) / (performance.now() - start)
}

const mustHave = (isSo: boolean, what: string): void => {
  if (!isSo) throw new Error(`the venue ${what}`)
}

const placeAndCancel = ({ exchange }: SimulatedVenue): void => {
  for (let i = 0; i < ORDERS; i++) {
    const clientOrderId = `r${i}`
    const order = { side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '58000' } as const
    const placed = exchange.placeOrder(ACCOUNT, {
      ...order,
      symbol: SYMBOL,
      quantity: '0.01',
      clientOrderId,
    })
    mustHave(placed.ok, 'refused a resting order')
    mustHave(exchange.cancelOrder(ACCOUNT, SYMBOL, { clientOrderId }).ok, 'refused a cancel')
    exchange.takeEvents()
  }
}

const takeAndTake = ({ exchange }: SimulatedVenue): void => {
  for (let i = 0; i < ORDERS; i++) {
    const placed = exchange.placeOrder(ACCOUNT, {
      symbol: SYMBOL,
      side: i % 2 === 0 ? 'BUY' : 'SELL',
      type: 'MARKET',
      quantity: '0.001',
      clientOrderId: `m${i}`,
    })
    mustHave(placed.ok && placed.value.status === 'FILLED', 'did not fill a market order')
    exchange.takeEvents()
  }
}

const throughRest = (venue: SimulatedVenue): void => {
  const ask = (method: 'POST' | 'DELETE', parameters: Readonly<Record<string, string>>): void => {
    const query = signedText(parameters, venue.time)
    const delivery = venue.request(orderRequest(method, query))
    mustHave(delivery.kind === 'answer' && delivery.response.status === 200, 'refused a request')
  }
  for (let i = 0; i < ORDERS; i++) {
    ask('POST', resting(`w${i}`))
    ask('DELETE', canceling(`w${i}`))
  }
}

/** What no signed interface can do without: read, verify, write. */
const bareRest = (): void => {
  const verify = (text: string): URLSearchParams => {
    const at = text.lastIndexOf('&signature=')
    const expected = createHmac('sha256', SECRET).update(text.slice(0, at)).digest()
    const given = Buffer.from(text.slice(at + 11), 'hex')
    mustHave(timingSafeEqual(expected, given), 'verified nothing')
    return new URLSearchParams(text)
  }
  let written = 0
  for (let i = 0; i < ORDERS; i++)
    for (const parameters of [resting(`w${i}`), canceling(`w${i}`)])
      written += JSON.stringify(Object.fromEntries(verify(signedText(parameters, 1)))).length
  mustHave(written > 0, 'wrote nothing')
}

/** Orders a second of each way to place them, once; a venue of its own each. */
export const measureInProcess = () => ({
  placed: rate(ORDERS, placeAndCancel.bind(null, venueUnderTest())),
  taken: rate(ORDERS, takeAndTake.bind(null, venueUnderTest())),
  rest: rate(ORDERS, throughRest.bind(null, venueUnderTest())),
  bareRest: rate(ORDERS, bareRest),
})
