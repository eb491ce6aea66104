import type { Message, Output, RiskConfig } from '@tapedeck/contracts'
import { sessionOf } from '../calendar/index.ts'
import { dec } from '../decimal/index.ts'
import {
  feedOf,
  tripBreakers,
  type Feed,
  type RiskDeciderConfig,
  type RiskState,
} from './risk-state.ts'
import { startSession } from './session-guard.ts'

/** Messages that come by the thousand and only say that time and a market go on. */
const PULSES = ['market.clock', 'market.trades', 'market.depth', 'market.mark'] as const
export type Pulse = Extract<Message, { type: (typeof PULSES)[number] }>
export const isPulse = (message: Message): message is Pulse =>
  (PULSES as readonly string[]).includes(message.type)

/** What one handler needs besides the message. `risk` has the operator's limits in it. */
export type Context = {
  readonly state: RiskState
  readonly risk: RiskConfig
  readonly config: RiskDeciderConfig
  readonly outputs: Output[]
  readonly last: LastFeed
}

/** Sessions follow each other daily. */
const SESSION_MS = 86_400_000

/**
 * Market time goes on: approvals that nobody carried out lapse, and a session begins with the first
 * market event after the account is known, then daily. Never by the time of an account event: before
 * the market moves, that may be the wall's.
 */
export const advance = ({ state, risk, config }: Context, at: number): void => {
  if (at <= state.now) return
  state.now = at
  for (const id in state.reservations)
    if (state.reservations[id]!.expires_at < at) delete state.reservations[id]
  const goesOn = state.session !== null && at < state.session.started_at + SESSION_MS
  if (goesOn || state.account === null) return
  const session = sessionOf(at, config.session.start_utc)
  state.session = startSession(session, dec(state.account.equity))
  state.daily_loss_floor = '0'
  tripBreakers(state, ['drawdown'], risk)
}

/** The feed that was noted last, most often the next one too: names are compared before any is made. */
export type LastFeed = {
  of: RiskState['feeds'] | null
  venue: string
  symbol: string
  feed: Feed | null
}

const feedAt = ({ state, last }: Context, on: { venue: string; symbol: string }): Feed => {
  if (
    last.feed !== null &&
    last.of === state.feeds &&
    last.symbol === on.symbol &&
    last.venue === on.venue
  )
    return last.feed
  last.feed = feedOf(state, on)
  last.of = state.feeds
  last.venue = on.venue
  last.symbol = on.symbol
  return last.feed
}

/**
 * `at` is the event's own time, for the feed's age. Market time is what the message occurred at: book
 * changes run up to seconds ahead of prints and clocks, and a signal does not grow old by them.
 */
const noteEvent = (
  context: Context,
  on: { venue: string; symbol: string },
  at: number,
  marketTime: number,
): void => {
  const feed = feedAt(context, on)
  feed.last_event_at = Math.max(feed.last_event_at ?? 0, at)
  advance(context, marketTime)
}

/** The hot path: it allocates nothing, and can change no more than the session. */
export const pulse = (context: Context, message: Pulse): void => {
  switch (message.type) {
    case 'market.clock':
      advance(context, message.payload.at)
      break
    case 'market.trades':
      noteEvent(
        context,
        message.payload,
        message.payload.time.at(-1) ?? message.occurred_at,
        message.payload.time.at(-1) ?? message.occurred_at,
      )
      break
    case 'market.depth':
      noteEvent(context, message.payload, message.payload.time, message.occurred_at)
      break
    case 'market.mark':
      noteEvent(context, message.payload, message.occurred_at, message.occurred_at)
      break
  }
}
