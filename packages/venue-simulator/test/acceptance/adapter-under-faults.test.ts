import { describe, expect, it } from '@jest/globals'
import { Random } from '@tapedeck/core'
import {
  Secret,
  createBinanceVenue,
  type AccountEvent,
  type BinanceVenue,
  type OrderRequest,
  type VenueResult,
} from '@tapedeck/venue'
import { FAULT_PRESETS, SimulatedVenue, presetPlan } from '../../src/index.ts'
import { fetchFrom, linksTo } from './in-process-wire.ts'
import { limit, market, stop } from './orders.ts'
import { INSTRUMENTS, START, quoteAround } from './stage-market.ts'
import { ACCOUNT, SYMBOL } from './venue-stage.ts'
import { VirtualClock } from './virtual-clock.ts'

const KEYS = { apiKey: 'key-of-a-venue-that-fails', secret: 'secret-of-a-venue-that-fails' }
const SEEDS = [1, 2, 3]
const STEPS = 60
const CALM_MS = 200_000

type Storm = {
  readonly sim: SimulatedVenue
  readonly clock: VirtualClock
  readonly venue: BinanceVenue
  readonly random: Random
  readonly heard: AccountEvent[]
  readonly said: unknown[]
  /** Client order ids of every order request that was sent. */
  readonly sent: (string | null)[]
}

const open = async (preset: string, seed: number): Promise<Storm> => {
  const random = new Random(seed)
  const faultPlan = presetPlan(preset, seed)
  const sim = new SimulatedVenue({ instruments: INSTRUMENTS, startTime: START, faultPlan })
  sim.addAccount({ account: ACCOUNT, ...KEYS, balance: '100000' })
  sim.applyMarket(quoteAround(sim.exchange, 60_000, 1_000))
  const clock = new VirtualClock(START, (now) => sim.advanceTo(now))
  const answer = fetchFrom(sim, clock, [])
  const sent: (string | null)[] = []
  const said: unknown[] = []
  const say = (message: string, details: unknown): void => void said.push([message, details])
  const venue = await createBinanceVenue({
    network: { restUrl: 'http://venue', streamUrl: 'ws://venue' },
    credentials: { apiKey: new Secret(KEYS.apiKey), secret: new Secret(KEYS.secret) },
    fetch: (url, request) => {
      const form = new URLSearchParams(request.body ?? '')
      if (request.method === 'POST' && /[oO]rder$/.test(new URL(url).pathname))
        sent.push(form.get('newClientOrderId') ?? form.get('clientAlgoId'))
      return answer(url, request)
    },
    openLink: linksTo(sim, clock),
    clock,
    log: { info: say, warn: say },
    random: () => 0.5,
  })
  const heard: AccountEvent[] = []
  venue.openAccountStream((event) => heard.push(event))
  await clock.pass(100)
  return { sim, clock, venue, random, heard, said, sent }
}

const drawOrder = (random: Random, id: string): OrderRequest => {
  const side = random.integer(0, 1) === 0 ? 'BUY' : 'SELL'
  const quantity = `0.0${random.integer(1, 9)}`
  const draw = random.integer(0, 4)
  if (draw <= 2) return limit(id, side, quantity, String(60_000 + random.integer(-100, 100)))
  if (draw === 3) return market(id, side, quantity)
  const price = side === 'BUY' ? '60150' : '59850'
  return stop(id, side, quantity, price, { reduceOnly: false })
}

/** What is asked of the venue at one step; several requests are under way at any time. */
const ask = (storm: Storm, ids: string[]): Promise<VenueResult<unknown>>[] => {
  const { venue, random, sim } = storm
  const draw = random.integer(0, 8)
  if (draw <= 4) {
    const id = `order-${ids.length}`
    ids.push(id)
    return [venue.submitOrder(drawOrder(random, id))]
  }
  if (draw === 5) {
    const clientOrderId = ids[random.integer(0, Math.max(0, ids.length - 1))] ?? 'none'
    const conditional = random.integer(0, 1) === 0
    return [venue.cancelOrder({ symbol: SYMBOL, clientOrderId, conditional })]
  }
  if (draw === 6) return [venue.openOrders([SYMBOL]), venue.positions([SYMBOL])]
  if (draw === 7) return [venue.fills(SYMBOL, START)]
  sim.applyMarket(quoteAround(sim.exchange, 60_000 + random.integer(-200, 200), 200))
  return []
}

/** A minute or two of trading while everything fails; all outcomes, in the order in which they were asked for. */
const play = async (storm: Storm): Promise<VenueResult<unknown>[]> => {
  const ids: string[] = []
  const asked: Promise<VenueResult<unknown>>[] = []
  for (let step = 0; step < STEPS; step++) {
    asked.push(...ask(storm, ids))
    await storm.clock.pass(storm.random.integer(0, 3_000))
  }
  return storm.clock.during(Promise.all(asked))
}

describe.each(FAULT_PRESETS.map(({ name }) => [name]))('the adapter under %s', (preset) => {
  it.each(SEEDS)('sends nothing twice, invents nothing, finds all: seed %i', async (seed) => {
    const storm = await open(preset, seed)
    const { sim, clock, venue, heard, said, sent } = storm
    for (const { outcome } of await play(storm)) expect(['known', 'unknown']).toContain(outcome)
    expect(new Set(sent).size).toBe(sent.length)

    sim.faults.clear()
    await clock.pass(CALM_MS)
    sim.applyMarket(quoteAround(sim.exchange, 60_000, 200))
    await clock.pass(100)
    const { exchange } = sim
    const listed = await clock.during(venue.openOrders([SYMBOL]))
    const there = [
      ...exchange.openOrders(ACCOUNT, SYMBOL).map(({ clientOrderId }) => clientOrderId),
      ...exchange.openConditionals(ACCOUNT, SYMBOL).map(({ clientAlgoId }) => clientAlgoId),
    ]
    const found = listed.outcome === 'known' ? listed.value : []
    expect(found.map(({ clientOrderId }) => clientOrderId).toSorted()).toEqual(there.toSorted())
    const traded = exchange.tradesOf(ACCOUNT, SYMBOL).map(({ id }) => `${SYMBOL}-${id}`)
    const fills = await clock.during(venue.fills(SYMBOL, START))
    const filled = fills.outcome === 'known' ? fills.value : []
    expect(filled.map(({ fillId }) => fillId)).toEqual(traded)
    const told = heard.flatMap((event) =>
      event.kind === 'order' && event.fill !== null ? [event.fill.fillId] : [],
    )
    expect(new Set(told).size).toBe(told.length)
    expect(told.filter((id) => !traded.includes(id))).toEqual([])
    expect(heard.findLast(({ kind }) => kind === 'stream')).toMatchObject({ state: 'up' })
    const texts = JSON.stringify([said, heard])
    expect([KEYS.apiKey, KEYS.secret].filter((secret) => texts.includes(secret))).toEqual([])
    await clock.during(venue.close())
  })
})

const tell = async (): Promise<string> => {
  const storm = await open('everything', 7)
  const outcomes = await play(storm)
  await storm.clock.during(storm.venue.close())
  return JSON.stringify([outcomes, storm.heard, storm.said, storm.sent])
}

it('the same seed is the same story, to the last word', async () => {
  expect(await tell()).toBe(await tell())
})
