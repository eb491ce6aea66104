import { expect, it } from '@jest/globals'
import { tellSetupEvent, tellSetupOutcome } from './tell-setup-event.ts'

const EVENT = {
  symbol: 'BTCUSDT',
  timeframe: '15m',
  setup_event_id: '2c4e6eb6-4a72-5d51-a366-039994a160d0',
  state: 'break_attempt',
  break_direction: 'up',
  compression_range_low: 59_105,
  compression_range_high: 59_790,
  compression_atr_at_detection: 131.5,
  entry_price: 59_870.5,
  stop_price_abs: 59_045.895,
  target_price_abs: 60_695.105,
  model_quality_score: 0.7,
  p_cont_1R: null,
  p_false_breakout: 0.2,
  p_atr_expand: null,
  model_version: 'lgbm-v1',
  score_failure: null,
  feature_schema_version: '1.2.0',
  feature_snapshot_hash: 'fbd07e',
  ttl_bars: 48,
  tainted: false,
}
const OUTCOME = {
  outcome: 'hit_stop',
  bars_to_outcome: 1,
  r_achieved: -1,
  mfe_pct: 0.3,
  mae_pct: 1.4,
  ambiguous: true,
}
const told = (
  tell: (message: never, say: (text: string) => void) => void,
  payload: object,
): string => {
  const lines: string[] = []
  tell({ payload } as never, (text) => void lines.push(text))
  return lines.join('\n')
}

it('tells a break attempt with its range, levels, model and proof', () => {
  const text = told(tellSetupEvent, EVENT)
  expect(text).toContain('break attempt up in BTCUSDT 15m')
  expect(text).toMatch(/range 59,?105 to 59,?790, ATR 131\.5/)
  expect(text).toMatch(/entry 59,?870\.5, stop 59,?045\.9/)
  expect(text).toContain('model lgbm-v1: quality 0.7, p_false_breakout 0.2')
  expect(text).toContain('features 1.2.0, SHA-256 fbd07e')
})

it('does not tell what is not there', () => {
  const candidate = {
    ...EVENT,
    state: 'compression_candidate',
    break_direction: null,
    model_quality_score: null,
    p_false_breakout: null,
    compression_atr_at_detection: null,
    tainted: true,
  }
  const text = told(tellSetupEvent, candidate)
  expect(text).toContain('compression candidate in BTCUSDT')
  expect(text).toContain('ATR unknown')
  expect(text).toContain('across a hole')
  expect(text).not.toMatch(/entry|model/)
})

it('tells an outcome, and when nothing could settle it', () => {
  const text = told(tellSetupOutcome, OUTCOME)
  expect(text).toContain('Outcome hit_stop after 1 bar: -1.00 R')
  expect(text).toContain('nothing finer told which came first')
  expect(told(tellSetupOutcome, { ...OUTCOME, ambiguous: false, bars_to_outcome: 2 })).toMatch(
    /2 bars[^;]*$/,
  )
})
