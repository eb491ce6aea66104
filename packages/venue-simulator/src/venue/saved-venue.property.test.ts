import { describe, expect, it } from '@jest/globals'
import { testInstrument } from '@tapedeck/test-data'
import fc from 'fast-check'
import { sign } from '../binance/index.ts'
import { checkFaultPlan, presetPlan } from '../faults/index.ts'
import { GeneratedSource, type SavedGeneratedSource } from '../market/index.ts'
import type { SavedVenue } from './saved-venue.ts'
import { SimulatedVenue } from './simulated-venue.ts'
import { VenueClient } from './testing/venue-client.ts'
import type { SimulatedVenueOptions } from './venue-options.ts'

const START = 1_800_000_000_000
const SEED = 7
const KEYS = { apiKey: 'key-of-main', secret: 'secret-of-main' }
const MARKET = {
  symbols: [{ instrument: testInstrument(), startPrice: '60000' }],
  seed: SEED,
  startTime: START,
}

const optionsWith = (source: GeneratedSource, preset: string): SimulatedVenueOptions => ({
  source,
  seed: SEED,
  faultPlan: presetPlan(preset, 3),
})

const opened = (preset: string): SimulatedVenue => {
  const venue = new SimulatedVenue(optionsWith(new GeneratedSource(MARKET), preset))
  venue.addAccount({ account: 'main', ...KEYS, balance: '10000' })
  return venue
}

/** Through a file, and back: only what was saved is left of it. */
const reopened = (venue: SimulatedVenue, preset: string): SimulatedVenue => {
  const saved = JSON.parse(JSON.stringify(venue.snapshot())) as SavedVenue
  const source = GeneratedSource.resume(MARKET, saved.source as SavedGeneratedSource)
  return SimulatedVenue.restore(saved, optionsWith(source, preset))
}

type Step = { readonly wait: number; readonly what: number; readonly size: number }

const steps = fc.array(
  fc.record({
    wait: fc.integer({ min: 1, max: 1500 }),
    what: fc.nat(9),
    size: fc.integer({ min: 2, max: 60 }),
  }),
  { minLength: 5, maxLength: 25 },
)

/** One request; prices lie where some of them rest, some trigger, some fill. */
const requestOf = (
  { what, size }: Step,
  at: number,
): readonly [string, string, Record<string, string | number>] => {
  const symbol = 'BTCUSDT'
  const side = what % 2 === 0 ? 'BUY' : 'SELL'
  const quantity = String(size / 1000)
  const id = `order-${at}`
  if (what < 3)
    return [
      'POST',
      '/fapi/v1/order',
      { symbol, side, type: 'MARKET', quantity, newClientOrderId: id },
    ]
  if (what < 5) {
    const limit = { type: 'LIMIT', timeInForce: 'GTC', price: side === 'BUY' ? 59_990 : 60_010 }
    return ['POST', '/fapi/v1/order', { symbol, side, ...limit, quantity, newClientOrderId: id }]
  }
  if (what < 7) {
    const stop = {
      type: 'STOP_MARKET',
      triggerPrice: side === 'BUY' ? 60_150 : 59_850,
      closePosition: 'true',
      algoType: 'CONDITIONAL',
    }
    return ['POST', '/fapi/v1/algoOrder', { symbol, side, ...stop, clientAlgoId: id }]
  }
  if (what === 7) return ['DELETE', '/fapi/v1/allOpenOrders', { symbol }]
  if (what === 8)
    return ['POST', '/fapi/v1/countdownCancelAll', { symbol, countdownTime: size * 20 }]
  return ['GET', '/fapi/v3/account', {}]
}

/** The market, the key's own stream and what it was answered, as text. */
class Listener {
  readonly heard: string[] = []

  connect(venue: SimulatedVenue): void {
    const sink = {
      send: (text: string) => this.heard.push(text),
      ping: () => undefined,
      pong: () => undefined,
      close: (code: number) => this.heard.push(`close ${code}`),
      terminate: () => this.heard.push('terminate'),
    }
    const listenKey = venue.listenKeys.keyOf('main') ?? ''
    venue.connect('/private/ws', `listenKey=${listenKey}`, sink)
    venue.connect('/public/ws/btcusdt@depth@100ms/btcusdt@depth5@500ms/!bookTicker', '', sink)
    venue.connect('/market/ws/btcusdt@aggTrade/btcusdt@markPrice/btcusdt@ticker', '', sink)
  }
}

/** What becomes of a signed request, faults and all. */
const send = (
  venue: SimulatedVenue,
  method: string,
  path: string,
  values: Record<string, string | number> = {},
): string => {
  const text = new URLSearchParams(
    Object.entries({ ...values, timestamp: venue.shownTime }).map(
      ([name, value]): [string, string] => [name, String(value)],
    ),
  ).toString()
  const query = `${text}&signature=${sign(KEYS.secret, text)}`
  return JSON.stringify(new VenueClient(venue, KEYS).deliver(method, path, query))
}

const ask = (venue: SimulatedVenue, step: Step, at: number): string => {
  venue.advanceTo(venue.time + step.wait)
  return send(venue, ...requestOf(step, at))
}

const LAST = ['/fapi/v3/account', '/fapi/v1/openOrders', '/fapi/v1/openAlgoOrders'] as const

describe('a venue that was saved and restored', () => {
  it.each(['bad-day', 'everything'])(
    'answers as if nothing had been, wherever it was cut, with faults: %s',
    (preset) => {
      fc.assert(
        fc.property(steps, fc.array(fc.nat(24), { maxLength: 2 }), (list, cuts) => {
          const whole = opened(preset)
          let cut = opened(preset)
          list.forEach((step, at) => {
            if (cuts.includes(at)) cut = reopened(cut, preset)
            expect(ask(cut, step, at)).toBe(ask(whole, step, at))
          })
          for (const path of LAST) expect(send(cut, 'GET', path)).toBe(send(whole, 'GET', path))
          expect(JSON.stringify(cut.snapshot())).toBe(JSON.stringify(whole.snapshot()))
        }),
        { numRuns: 15 },
      )
    },
  )

  it('tells the same on connections that were made again', () => {
    fc.assert(
      fc.property(steps, fc.nat(24), (list, at) => {
        const venues = [opened('calm'), opened('calm')]
        const heard = venues.map(() => new Listener())
        list.forEach((step, i) => {
          if (i === at) venues[1] = reopened(venues[1]!, 'calm')
          venues.forEach((venue, which) => {
            if (i === 0) new VenueClient(venue, KEYS).plain('POST', '/fapi/v1/listenKey')
            if (i === at) {
              venue.cutStreams('terminate')
              heard[which]!.heard.length = 0
              heard[which]!.connect(venue)
            }
            ask(venue, step, i)
          })
        })
        expect(heard[1]!.heard).toEqual(heard[0]!.heard)
      }),
      { numRuns: 12 },
    )
  })

  it('keeps keys, listen keys and what was used of limits', () => {
    const venue = opened('calm')
    venue.addKey({ account: 'main', apiKey: 'reader', secret: 's', permissions: ['read'] })
    const client = new VenueClient(venue, KEYS)
    const { listenKey } = client.plain('POST', '/fapi/v1/listenKey').json as { listenKey: string }
    const again = reopened(venue, 'calm')
    expect(again.listenKeys.accountOf(listenKey)).toBe('main')
    const reader = new VenueClient(again, { apiKey: 'reader', secret: 's' })
    expect(reader.signed('GET', '/fapi/v3/account').status).toBe(200)
    expect(reader.signed('POST', '/fapi/v1/leverage', { symbol: 'BTCUSDT', leverage: 5 })).toEqual(
      expect.objectContaining({ json: expect.objectContaining({ code: -2015 }) }),
    )
    expect(again.snapshot().limits.weights[0]?.weight[1]).toBeGreaterThan(1)
  })

  it('never gives a listen key twice', () => {
    const venue = opened('calm')
    const first = venue.listenKeys.open('main', venue.time)
    venue.expireListenKey('main')
    expect(reopened(venue, 'calm').listenKeys.open('main', venue.time)).not.toBe(first)
  })

  it('passes on what a fault holds back', () => {
    const plan = {
      name: 'one too late',
      seed: 1,
      faults: [{ fault: { kind: 'account_reordered' as const }, when: { kind: 'once' as const } }],
    }
    const faultPlan = checkFaultPlan(plan, 'the plan')
    const options = (source: GeneratedSource) => ({ source, seed: SEED, faultPlan })
    const venue = new SimulatedVenue(options(new GeneratedSource(MARKET)))
    venue.addAccount({ account: 'main', ...KEYS, balance: '10000' })
    new VenueClient(venue, KEYS).plain('POST', '/fapi/v1/listenKey')
    const source = GeneratedSource.resume(MARKET, venue.source!.snapshot!() as never)
    const saved = JSON.parse(JSON.stringify(venue.snapshot())) as SavedVenue
    const again = SimulatedVenue.restore(saved, options(source))
    const listener = new Listener()
    listener.connect(again)
    ask(again, { wait: 100, what: 3, size: 5 }, 1)
    const own = listener.heard.filter((text) => text.includes('ACCOUNT_UPDATE'))
    // The deposit of before was held; it follows the order of after.
    expect(own.map((text) => text.includes('"m":"DEPOSIT"'))).toEqual([true])
  })

  it('is refused with another seed, and of another version', () => {
    const saved = opened('calm').snapshot()
    const other = { source: new GeneratedSource(MARKET), seed: 8 }
    expect(() => SimulatedVenue.restore(saved, other)).toThrow('saved venue of seed 7: expected 8')
    const newer = { ...saved, version: 999 }
    expect(() => SimulatedVenue.restore(newer, optionsWith(other.source, 'calm'))).toThrow(
      'saved venue of version 999: expected',
    )
  })
})
