import { LIVE_DEFAULTS, isRemote, type ExecutionConfig } from '@tapedeck/contracts'
import { openLots, type TradeRecord } from './trade-record.ts'

type Bounds = Pick<ExecutionConfig, 'stop_ack_max_ms' | 'triggering_max_ms'> & {
  readonly venue?: ExecutionConfig['venue']
}

const triggeringMax = (bounds: Bounds): number =>
  bounds.triggering_max_ms ?? LIVE_DEFAULTS.triggering_max_ms

/** True when a stop or target was set off, and has not come to an end for too long. */
export const isStuck = (stuckSince: number, bounds: Bounds, at: number): boolean =>
  at - stuckSince >= triggeringMax(bounds)

/** True when something of the trade is due by time alone. Cheap: asked at every print. */
export const isTradeDue = (
  trade: TradeRecord,
  stuckSince: number,
  bounds: Bounds,
  at: number,
): boolean => {
  if (isStuck(stuckSince, bounds, at)) return true
  // A live venue may leave an order without an answer, or half done, at any time.
  const isFar = isRemote(bounds)
  if (trade.exitReason !== null)
    return (isFar && openLots(trade) > 0) || (trade.exitRetryAt !== null && at >= trade.exitRetryAt)
  if (at >= trade.entryDeadline && trade.entryLots < trade.plannedLots) return true
  if (trade.entryRetryAt != null && at >= trade.entryRetryAt) return true
  const since = trade.uncovered[0]?.at
  if (since === undefined) return false
  if (isFar) return true
  if (trade.protectRetryAt !== undefined && at >= trade.protectRetryAt) return true
  return at - since >= bounds.stop_ack_max_ms
}

/**
 * Why the trade has to be left at the market: what is open had no acknowledged stop for too long, or an
 * exit of it triggers and does not fill. Null while it may stay. `stuckSince`: Infinity when none triggers.
 */
export const outlivedBound = (
  trade: TradeRecord,
  stuckSince: number,
  bounds: Bounds,
  at: number,
): string | null => {
  if (trade.exitReason !== null) return null
  const since = trade.uncovered[0]?.at
  if (since !== undefined && at - since >= bounds.stop_ack_max_ms)
    return `no acknowledged stop for ${at - since} ms`
  if (openLots(trade) > 0 && isStuck(stuckSince, bounds, at))
    return `an exit has been triggering for ${at - stuckSince} ms`
  return null
}

/** Whether an entry that never was at the venue is sent again: now, later, or not at all. */
export const entryResend = (trade: TradeRecord, at: number): 'now' | 'later' | 'no' => {
  const due = trade.entryRetryAt ?? null
  const wanted = trade.exitReason === null && trade.entryCancelReason === null
  if (due === null || !wanted || trade.entryLots > 0 || at >= trade.entryDeadline) return 'no'
  return at >= due ? 'now' : 'later'
}
