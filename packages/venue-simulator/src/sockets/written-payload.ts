import { averaged, money, padded, quoted, type Places, type PlacesIn } from '../binance/index.ts'
import type { LevelView } from '../exchange/index.ts'
import type { Payload } from '../faults/index.ts'

type Kind = 'price' | 'quantity' | 'quote' | 'average' | 'money' | 'percent' | 'levels'
type Kinds = Readonly<Record<string, Kind>>

const PERCENT_PLACES = 3
const CANDLE: Kinds = { o: 'price', c: 'price', h: 'price', l: 'price' }

/** What each decimal of a message is; those that are not named are told as they are. */
const KINDS: Readonly<Record<string, Kinds>> = {
  aggTrade: { p: 'price', q: 'quantity', nq: 'quantity' },
  trade: { p: 'price', q: 'quantity' },
  depthUpdate: { b: 'levels', a: 'levels' },
  bookTicker: { b: 'price', B: 'quantity', a: 'price', A: 'quantity' },
  kline: { ...CANDLE, v: 'quantity', V: 'quantity', q: 'quote', Q: 'quote' },
  continuous_kline: { ...CANDLE, v: 'quantity', V: 'quantity', q: 'quote', Q: 'quote' },
  markPriceUpdate: { p: 'money', ap: 'money', i: 'money', P: 'money', r: 'money' },
  '24hrMiniTicker': { ...CANDLE, v: 'quantity', q: 'quote' },
  '24hrTicker': {
    ...CANDLE,
    p: 'price',
    P: 'percent',
    w: 'average',
    Q: 'quantity',
    v: 'quantity',
    q: 'quote',
  },
  forceOrder: { p: 'price', ap: 'price', q: 'quantity', l: 'quantity', z: 'quantity' },
  TRADE_LITE: { p: 'price', L: 'price', q: 'quantity', l: 'quantity' },
}

/** Where the fields of a message are that is not flat. */
const INSIDE: Readonly<Record<string, string>> = {
  kline: 'k',
  continuous_kline: 'k',
  forceOrder: 'o',
}

type Write = (value: string, places: Places) => string

const WRITE: Readonly<Record<Exclude<Kind, 'levels'>, Write>> = {
  price: (value, { price }) => padded(value, price),
  quantity: (value, { quantity }) => padded(value, quantity),
  quote: quoted,
  average: averaged,
  money,
  percent: (value) => padded(value, PERCENT_PLACES),
}

const writeValue = (value: unknown, kind: Kind, places: Places): unknown => {
  if (kind !== 'levels') return typeof value === 'string' ? WRITE[kind](value, places) : value
  if (!Array.isArray(value)) return value
  return (value as LevelView[]).map(([price, quantity]) => [
    padded(price, places.price),
    padded(quantity, places.quantity),
  ])
}

const writeFields = (fields: Payload, kinds: Kinds, places: Places): Payload => {
  const written: Record<string, unknown> = { ...fields }
  for (const [name, kind] of Object.entries(kinds))
    written[name] = writeValue(fields[name], kind, places)
  return written
}

/**
 * A message with its decimals as the venue writes them: prices and quantities with the places of their
 * symbol, marks and rates with eight. Messages of accounts have none to spare, but for TRADE_LITE.
 */
export const writtenPayload = (payload: Payload, placesIn: PlacesIn): Payload => {
  if (Array.isArray(payload))
    return (payload as readonly Payload[]).map((one) =>
      writtenPayload(one, placesIn),
    ) as unknown as Payload
  const event = String(payload['e'])
  const kinds = KINDS[event]
  if (kinds === undefined) return payload
  const inside = INSIDE[event]
  const fields = inside === undefined ? payload : (payload[inside] as Payload)
  const written = writeFields(fields, kinds, placesIn(String(fields['s'] ?? payload['ps'])))
  return inside === undefined ? written : { ...payload, [inside]: written }
}
