import type { Message } from '@tapedeck/contracts'
import { figure } from '../terminal/index.ts'

/** Prints a line; `depth` indents it. */
export type Say = (text: string, depth?: number) => void

const known = (value: number | null): string => (value === null ? 'unknown' : figure(value))

/** What a model said, part by part; nothing when it was silent. */
const scoresOf = (payload: Message<'setup.event.recorded'>['payload']): string[] => {
  const { model_quality_score: quality, p_cont_1R, p_false_breakout, p_atr_expand } = payload
  const parts = { quality, p_cont_1R, p_false_breakout, p_atr_expand }
  return Object.entries(parts).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${figure(value)}`],
  )
}

/** A compression or a break attempt: where, against which range, with which levels. */
export const tellSetupEvent = ({ payload }: Message<'setup.event.recorded'>, say: Say): void => {
  const { symbol, timeframe, state, break_direction: way } = payload
  say(
    `Setup event ${payload.setup_event_id}: ${state.replace('_', ' ')} ${way === null ? '' : `${way} `}in ${symbol} ${timeframe}`,
  )
  say(
    `range ${known(payload.compression_range_low)} to ${known(payload.compression_range_high)}, ATR ${known(payload.compression_atr_at_detection)}`,
    1,
  )
  if (way !== null)
    say(
      `entry ${known(payload.entry_price)}, stop ${known(payload.stop_price_abs)}, target ${known(payload.target_price_abs)}, decided within ${payload.ttl_bars} bars`,
      1,
    )
  const scores = scoresOf(payload)
  if (scores.length > 0) say(`model ${payload.model_version ?? ''}: ${scores.join(', ')}`, 1)
  if (payload.score_failure !== null) say(`the scorer gave no score: ${payload.score_failure}`, 1)
  say(
    `features ${payload.feature_schema_version}, SHA-256 ${payload.feature_snapshot_hash}${payload.tainted ? ', measured across a hole in the data' : ''}`,
    1,
  )
}

/** What became of a break attempt. */
export const tellSetupOutcome = (
  { payload }: Message<'reconciler.setup_outcome.decided'>,
  say: Say,
): void => {
  const { outcome, bars_to_outcome: bars, r_achieved: r, mfe_pct: best, mae_pct: worst } = payload
  say(`Outcome ${outcome} after ${bars} ${bars === 1 ? 'bar' : 'bars'}: ${r.toFixed(2)} R`)
  say(
    `best ${best.toFixed(3)} %, worst ${worst.toFixed(3)} % of entry${payload.ambiguous ? '; one bar reached target and stop, nothing finer told which came first' : ''}`,
    1,
  )
}
