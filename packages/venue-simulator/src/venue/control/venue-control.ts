import { z } from 'zod'
import type { SimulatedVenue } from '../simulated-venue.ts'
import { Milliseconds, readBody } from './control-body.ts'
import { malformed } from './control-error.ts'
import type { ControlCall, ControlRoute } from './control-route.ts'

/** One request holds up everything else while the clock goes on: a day at most. */
const STEP_MS_MAX = 86_400_000

const Clock = z.strictObject({
  speed: z.number().min(0.001).max(100_000).optional(),
  paused: z.boolean().optional(),
  advance_ms: Milliseconds.max(STEP_MS_MAX).optional(),
  advance_to: Milliseconds.optional(),
})
const Cut = z.strictObject({ how: z.enum(['close', 'terminate']).default('terminate') })

const symbolState = ({ exchange }: SimulatedVenue, symbol: string, status: string): object => {
  const ticker = exchange.bookTicker(symbol)
  return {
    symbol,
    status,
    bid: ticker?.bidPrice ?? null,
    ask: ticker?.askPrice ?? null,
    last: exchange.trades(symbol, 1).at(-1)?.price ?? null,
    mark: exchange.premiumIndex(symbol)?.markPrice ?? null,
  }
}

const accountState = (venue: SimulatedVenue, account: string): object => {
  const view = venue.exchange.account(account)
  return {
    account,
    balance: view?.balance ?? null,
    hedge_mode: view?.hedgeMode ?? false,
    restricted: view?.restricted ?? false,
    positions: view?.positions ?? [],
    open_orders: venue.exchange.openOrders(account),
    open_conditionals: venue.exchange.openConditionals(account),
    has_listen_key: venue.listenKeys.keyOf(account) !== null,
  }
}

const clockState = ({ time, shownTime, pace }: SimulatedVenue): object => ({
  time,
  shown_time: shownTime,
  speed: pace.speed,
  paused: pace.isPaused,
  step_to: pace.stepTo,
})

/** Everything but keys, secrets and listen keys. */
const describe = ({ venue }: ControlCall): object => ({
  ...clockState(venue),
  connections: venue.connections,
  symbols: venue.exchange
    .instruments()
    .map(({ symbol, status }) => symbolState(venue, symbol, status)),
  accounts: venue.exchange.accounts().map((account) => accountState(venue, account)),
  money: venue.exchange.money(),
  faults: { standing: venue.faults.standing().length, injected: venue.faults.injected() },
})

/** A source that has to be read ahead is stepped by whoever reads it; any other one at once. */
const step = (venue: SimulatedVenue, time: number): void => {
  if (venue.source !== null && 'prepare' in venue.source) venue.pace.stepTo = time
  else venue.advanceTo(time)
}

const setClock = ({ venue, request }: ControlCall): object => {
  const body = readBody(request, Clock)
  if (body.advance_ms !== undefined && body.advance_to !== undefined)
    throw malformed('advance_to: expected either advance_ms or advance_to')
  const to = body.advance_ms === undefined ? body.advance_to : venue.time + body.advance_ms
  if (to !== undefined && to - venue.time > STEP_MS_MAX)
    throw malformed(`advance_to: ${to} is more than a day ahead; expected steps of a day at most`)
  if (body.speed !== undefined) venue.pace.speed = body.speed
  if (body.paused !== undefined) venue.pace.isPaused = body.paused
  if (to !== undefined) step(venue, to)
  return clockState(venue)
}

const cutStreams = ({ venue, request }: ControlCall): object => ({
  cut: venue.cutStreams(readBody(request, Cut).how),
})

/** The venue as a whole: what it is like now, its clock, its connections. */
export const VENUE_CONTROL: readonly ControlRoute[] = [
  { method: 'GET', path: '/state', answer: describe },
  { method: 'POST', path: '/clock', answer: setClock },
  { method: 'POST', path: '/streams/cut', answer: cutStreams },
]
