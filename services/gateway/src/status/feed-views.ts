import type { RawMessage } from '@tapedeck/bus'
import { isType } from '@tapedeck/contracts'
import { parseStep, stepsToDecimal } from '@tapedeck/core'
import type { z } from 'zod'
import { answerWithin } from '../answer-within.ts'
import type { Context } from '../context.ts'
import type { Picture } from './picture.ts'
import type { FeedView } from './status-schema.ts'

const ASK_MS_MAX = 1_000

interface Instrument {
  readonly venue: string
  readonly symbol: string
}

const lastTrade = (raw: RawMessage | null, runId: string): { price: string; at: number } | null => {
  const decoded = raw?.decoded()
  if (decoded?.ok !== true || !isType(decoded.envelope, 'market.trades')) return null
  const { payload, run_id } = decoded.envelope
  const ticks = payload.price_ticks.at(-1)
  const at = payload.time.at(-1)
  if (run_id !== runId || ticks === undefined || at === undefined) return null
  return { price: stepsToDecimal(ticks, parseStep(payload.tick_size)), at }
}

const marketTimeOf = (raw: RawMessage | null, runId: string): number | null => {
  const decoded = raw?.decoded()
  return decoded?.ok === true && decoded.envelope.run_id === runId
    ? decoded.envelope.occurred_at
    : null
}

const feedView = async (
  context: Context,
  picture: Picture,
  instrument: Instrument,
): Promise<z.infer<typeof FeedView>> => {
  const { bus, clock, trading } = context
  const { run, ended } = picture
  const runId = run?.run_id ?? ''
  const place = `${instrument.venue}.${instrument.symbol}`
  // Two tokens after `tape`: prints, book, mark. Bars and feed status have three.
  const [newest, trades] = await Promise.all([
    answerWithin(clock, ASK_MS_MAX, bus.tape.lastOf(`tape.market.*.${place}`)),
    answerWithin(clock, ASK_MS_MAX, bus.tape.lastOf(`tape.market.trades.${place}`)),
  ])
  const marketTime = marketTimeOf(newest, runId)
  const trade = lastTrade(trades, runId)
  const now = clock.now()
  const age = marketTime === null || newest === null ? null : Math.max(0, now - newest.storedAt)
  const isStale = age !== null && age > trading.risk.feed_max_age_ms
  return {
    ...instrument,
    state: age === null ? 'unknown' : ended !== null ? 'ended' : isStale ? 'stale' : 'fresh',
    market_time: marketTime,
    age_ms: age,
    behind_ms: run?.payload.kind === 'live' && marketTime !== null ? now - marketTime : null,
    last_price: trade?.price ?? null,
    last_trade_at: trade?.at ?? null,
    channels: [...picture.channels.values()]
      .filter(({ payload }) => `${payload.venue}.${payload.symbol}` === place)
      .map(({ payload: { channel, status, reason }, occurred_at }) => ({
        channel,
        status,
        reason,
        at: occurred_at,
      })),
  }
}

/** How fresh each instrument of the run is, asked of the tape now. */
export const feedViews = async (
  context: Context,
  picture: Picture,
): Promise<z.infer<typeof FeedView>[]> =>
  await Promise.all(
    (picture.run?.payload.instruments ?? []).map(
      async ({ venue, symbol }) => await feedView(context, picture, { venue, symbol }),
    ),
  )
