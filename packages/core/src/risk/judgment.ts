import type {
  Grade,
  Instrument,
  InstrumentConfig,
  RiskConfig,
  SignalGenerated,
} from '@tapedeck/contracts'
import { dec, isOnStep, toDecimalString, type Dec } from '../decimal/index.ts'
import { gradeRank } from '../setup/index.ts'
import { modelWord, type ModelWord } from './model-word.ts'
import { sizeOrder, type OrderSize } from './position-size.ts'
import { instrumentKey, riskMultiplier, type RiskState } from './risk-state.ts'
import { estimateSlippage, type SlippageEstimate } from './slippage.ts'

/** Everything that a signal is judged by, gathered once. */
export type Judgment = {
  readonly state: RiskState
  readonly risk: RiskConfig
  readonly instruments: readonly InstrumentConfig[]
  readonly signal: SignalGenerated
  readonly instrument: Instrument | null
  /** The grade that counts: taint caps it at C. */
  readonly effective_grade: Grade
  readonly risk_multiplier: number
  readonly model: ModelWord
  readonly entry: Dec
  readonly stop: Dec
  readonly target: Dec
  readonly stop_problem: string | null
  readonly size: OrderSize | null
  readonly slippage: SlippageEstimate | null
}

/** Why stop and target cannot be traded: the wrong side, no distance, or off the tick grid. */
const stopProblem = (
  signal: SignalGenerated,
  entry: Dec,
  stop: Dec,
  target: Dec,
  tick: string,
): string | null => {
  const sign = signal.side === 'BUY' ? 1 : -1
  if (entry.lte(0) || stop.lte(0) || target.lte(0)) return 'a price is not positive'
  if (entry.minus(stop).times(sign).lte(0)) return 'the stop is not on the losing side of entry'
  if (target.minus(entry).times(sign).lte(0))
    return 'the target is not on the winning side of entry'
  const off = [entry, stop, target].find((price) => !isOnStep(price, tick))
  return off === undefined ? null : `${toDecimalString(off)} is not on the tick grid of ${tick}`
}

/** Gathers what the checks compare. Sizing happens here, for the grade that counts. */
export const judge = (
  state: RiskState,
  risk: RiskConfig,
  instruments: readonly InstrumentConfig[],
  signal: SignalGenerated,
): Judgment => {
  const key = instrumentKey(signal)
  const instrument = state.instruments[key] ?? null
  const effective_grade =
    signal.tainted && gradeRank(signal.grade) > gradeRank('C') ? 'C' : signal.grade
  const risk_multiplier = riskMultiplier(state, risk)
  const model = modelWord(state, risk, signal)
  const [entry, stop, target] = [
    dec(signal.entry_price),
    dec(signal.stop_price_abs),
    dec(signal.target_price_abs),
  ]
  const stop_problem =
    instrument === null ? null : stopProblem(signal, entry, stop, target, instrument.tick_size)
  const equity = dec(state.account?.equity ?? 0)
  const size =
    instrument === null || stop_problem !== null
      ? null
      : sizeOrder(
          {
            equity,
            entry,
            stop,
            grade: effective_grade,
            risk_multiplier,
            model_multiplier: model.multiplier,
          },
          risk,
          instrument,
        )
  const slippage =
    size &&
    estimateSlippage(
      {
        size_quote: size.notional.toNumber(),
        volume_5m_quote: signal.market.volume_5m_quote,
        spread_percent: signal.market.spread_percent ?? 0,
        depth_quote: signal.market.depth_quote ?? 0,
      },
      state.slippages[key] ?? [],
      risk,
    )
  return {
    state,
    risk,
    instruments,
    signal,
    instrument,
    effective_grade,
    risk_multiplier,
    model,
    entry,
    stop,
    target,
    stop_problem,
    size,
    slippage,
  }
}
