import type { Features, Side, StrategyConfig } from '@tapedeck/contracts'
import { fromSteps, parseStep } from '../market/index.ts'
import { box, type ReadBox } from './evaluation.ts'

/**
 * Box 4: over the last 15 s the delta has the intended sign and is one-sided enough, and price moved
 * that way by a part of ATR(14) of 15 s bars. Unknown ATR or price is no follow-through.
 */
export const followThroughBox = (
  features: Features,
  side: Side,
  config: StrategyConfig,
): ReadBox => {
  const sign = side === 'BUY' ? 1 : -1
  const before = features.price_15s_ago_ticks
  const atr = features.atr_15s
  const ratio = features.delta_ratio['15s']
  const moved =
    before === null
      ? null
      : fromSteps(sign * (features.price_ticks - before), parseStep(features.tick_size))
  const needed = atr === null ? null : atr * config.follow_through_atr
  const numbers: ReadBox['numbers'] = () => ({
    delta_ratio_15s: ratio,
    min_ratio: config.follow_through_ratio,
    move_with_side: moved,
    min_move: needed,
  })
  if (moved === null || needed === null)
    return box('FOLLOWTHROUGH', false, 'follow-through is not known yet', numbers)
  const flows =
    sign * features.delta_lots['15s'] > 0 && Math.abs(ratio) >= config.follow_through_ratio
  const moves = moved > 0 && moved >= needed
  const note =
    flows && moves
      ? 'price follows volume'
      : `no follow-through: ${flows ? 'price does not move' : 'delta does not support it'}`
  return box('FOLLOWTHROUGH', flows && moves, note, numbers)
}
