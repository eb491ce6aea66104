import { typeOfSubject } from '@tapedeck/contracts'
import { TAPEDECK_VERSION } from '@tapedeck/runtime'
import { answerWithin } from '../answer-within.ts'
import type { Context } from '../context.ts'
import { breakEvenView } from './break-even-view.ts'
import { feedViews } from './feed-views.ts'
import { Picture } from './picture.ts'
import { PictureReader } from './read-picture.ts'
import { serviceViews } from './service-views.ts'
import { sizingView } from './sizing-view.ts'
import type { Status } from './status-schema.ts'
import { closedTradeView, positionViews, refusalView, runView, setupView } from './trading-views.ts'

/** The picture, kept current between `start` and `stop`. */
export interface StatusSource {
  start(): void
  stop(): Promise<void>
  /** The picture now; many who ask at once are given the same. */
  read(): Promise<Status>
}

const ASK_MS_MAX = 1_000
/** Looking more often than people can see would only be load. */
const SAME_FOR_MS = 250

/** Per type instead of per subject. */
const byType = (counts: Readonly<Record<string, number>>): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const [subject, count] of Object.entries(counts)) {
    const type = typeOfSubject(subject)
    if (type !== null) sums[type] = (sums[type] ?? 0) + count
  }
  return sums
}

const compose = async (
  context: Context,
  picture: Picture,
  reader: PictureReader,
): Promise<Status> => {
  const { bus, clock, trading } = context
  const [services, feeds, lastSeq, counts] = await Promise.all([
    serviceViews(context),
    feedViews(context, picture),
    answerWithin(clock, ASK_MS_MAX, bus.tape.lastSeq()),
    answerWithin(clock, ASK_MS_MAX, bus.tape.counts()),
  ])
  const seen = lastSeq === null ? null : reader.position(lastSeq)
  return {
    at: clock.now(),
    version: TAPEDECK_VERSION,
    ready: services.every(({ ready }) => ready === true),
    run: runView(picture),
    tape: {
      connection: bus.status(),
      last_seq: lastSeq,
      seen_seq: seen,
      lag: lastSeq === null || seen === null ? null : lastSeq - seen,
    },
    services,
    feeds,
    account: picture.account?.payload ?? null,
    session: picture.session?.payload ?? null,
    trading_state: picture.tradingState?.payload ?? null,
    positions: positionViews(picture),
    setups: picture.setups.map((setup) => setupView(setup, picture)),
    refusals: picture.refusals.map(refusalView),
    closed_trades: picture.closed.map(closedTradeView),
    sizing: sizingView(trading.risk, picture),
    break_even: breakEvenView(trading.execution),
    counts: counts === null ? null : byType(counts),
  }
}

/** Nothing is read before `start`. */
export const createStatus = (context: Context): StatusSource => {
  const picture = new Picture()
  const reader = new PictureReader(context, picture)
  let last: { readonly at: number; readonly status: Promise<Status> } | null = null
  return {
    start: () => reader.start(),
    stop: async () => await reader.stop(),
    read: async () => {
      const now = context.clock.monotonic()
      if (last === null || now - last.at >= SAME_FOR_MS)
        last = { at: now, status: compose(context, picture, reader) }
      return await last.status
    },
  }
}
