import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { AccountEvent } from '../../port/account-event.ts'
import { accountUpdate, algoUpdate, fillUpdate, orderUpdate } from './account-messages.fixture.ts'
import { decodeAccountMessage } from './decode-account-message.ts'
import { FrameProblem, parseExact, parseFrame } from './frame-problem.ts'
import { OrderGuard } from './order-guard.ts'

const DECIMAL = /^-?\d+(\.\d+)?$/

const isSound = (event: AccountEvent): boolean => {
  if (event.kind === 'stream' || event.kind === 'unknown') return false
  if (!Number.isSafeInteger(event.at)) return false
  if (event.kind === 'balance')
    return [
      ...event.balances.map(({ wallet }) => wallet),
      ...event.positions.map(({ quantity }) => quantity),
      event.change ?? '0',
    ].every((decimal) => DECIMAL.test(decimal))
  if (event.kind === 'notice') return true
  const { fill } = event
  const decimals = [event.quantity, event.filledQuantity]
  if (fill !== null) decimals.push(fill.quantity, fill.price, fill.fee)
  return (
    event.clientOrderId !== '' &&
    /^\d+$/.test(event.venueOrderId) &&
    decimals.every((decimal) => DECIMAL.test(decimal)) &&
    (fill === null || /^.+-\d+$/.test(fill.fillId))
  )
}

/** Sound events, or a `FrameProblem`; never anything else. */
const survives = (text: string): void => {
  let events: readonly AccountEvent[] = []
  try {
    const decoded = decodeAccountMessage(parseFrame(text, parseExact), 'binance-usdm')
    if (decoded.kind === 'events') events = decoded.events
  } catch (error) {
    if (!(error instanceof FrameProblem)) throw error
  }
  const guard = new OrderGuard()
  for (const event of events) {
    expect(isSound(event)).toBe(true)
    if (event.kind === 'order') guard.admit(event)
  }
}

const MESSAGES = [
  orderUpdate(),
  fillUpdate(7, '0.004'),
  algoUpdate({ X: 'FINISHED', ai: '9', aq: '0.01' }),
  accountUpdate(),
  { e: 'MARGIN_CALL', E: 9, cw: '3', p: [{ s: 'ETHUSDT', pa: '1', mp: '187', mm: '1', up: '-1' }] },
  { e: 'ACCOUNT_CONFIG_UPDATE', E: 9, T: 8, ac: { s: 'BTCUSDT', l: 25 }, ai: { j: true } },
]
const message = fc.constantFrom(...MESSAGES).map((one) => structuredClone(one) as object)

const ODD = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    '',
    '0',
    '-0',
    '1e9',
    'NaN',
    '00.1',
    '1,5',
    null,
    -1,
    1e300,
    2 ** 60,
    true,
    [],
    {},
  ),
  fc.string({ maxLength: 300 }),
)

type Place = { in: Record<string, unknown>; key: string }

/** Every place of a value in a message. */
const placesOf = (value: object, found: Place[] = []): Place[] => {
  for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
    found.push({ in: value as Record<string, unknown>, key })
    if (typeof inner === 'object' && inner !== null) placesOf(inner, found)
  }
  return found
}

describe('whatever the account stream sends', () => {
  it('values replaced and removed at random places are read soundly or refused', () => {
    fc.assert(
      fc.property(
        message,
        fc.array(fc.tuple(fc.nat(), fc.option(ODD)), { minLength: 1, maxLength: 4 }),
        (one, changes) => {
          for (const [place, value] of changes) {
            const places = placesOf(one)
            const chosen = places[place % places.length]
            if (chosen === undefined) continue
            if (value === null) delete chosen.in[chosen.key]
            else chosen.in[chosen.key] = value
          }
          survives(JSON.stringify(one))
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('texts cut, and bytes changed, are read soundly or refused', () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(), fc.string({ maxLength: 4 }), (one, at, cut, put) => {
        const text = JSON.stringify(one)
        const from = at % text.length
        survives(text.slice(0, from) + put + text.slice(from + (cut % 20)))
      }),
      { numRuns: 2000 },
    )
  })

  it('any text at all is read soundly or refused', () => {
    fc.assert(fc.property(fc.string(), survives))
    fc.assert(fc.property(fc.json(), survives))
  })
})
