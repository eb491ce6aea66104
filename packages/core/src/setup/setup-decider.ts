import {
  READS,
  output,
  type Features,
  type Message,
  type NoSignalReason,
  type Output,
  type SetupEventsConfig,
  type StrategyConfig,
} from '@tapedeck/contracts'
import type { Decider, Json } from '../decider.ts'
import { copyJson, isOneOf } from '../message/index.ts'
import { compactUtc } from '../calendar/index.ts'
import { isAlreadySignalled, stillCooling, type GivenSignal } from './cooldown.ts'
import { isWorthKeeping, priceText, type Evaluation } from './evaluation.ts'
import { evaluateReversion, readReversionBoxes } from './mean-reversion.ts'
import {
  currentBias,
  isBusy,
  notePosition,
  noteTradeEnded,
  noteTradeStarted,
  symbolState,
  type SetupState,
  type SymbolState,
} from './setup-state.ts'
import { TrackedSetups, type SetupLink, type SetupModel } from './tracked-setups.ts'
import { evaluateTrend, inPrecedence, readTrendBoxes } from './trend-continuation.ts'

export type SetupDeciderConfig = {
  readonly strategy: StrategyConfig
  readonly setup_events: SetupEventsConfig
}

/** The messages that the setup decider looks at; everything else passes it by. */
export const SETUP_INPUTS = READS['setup-generator']

const SIDES = ['BUY', 'SELL'] as const
const CODE = { trend_continuation: 'TC', mean_reversion: 'MR' } as const

/** Readable and deterministic: `BTCUSDT-TC-L-20240808T235500`. Also the correlation id of all that follows. */
export const setupId = (features: Features, evaluation: Evaluation): string =>
  [
    features.symbol,
    CODE[evaluation.strategy],
    evaluation.side === 'BUY' ? 'L' : 'S',
    compactUtc(features.at),
  ].join('-')

const evaluateAll = (
  features: Features,
  symbol: SymbolState,
  config: StrategyConfig,
): Evaluation[] => {
  const bias = currentBias(symbol, features, config.bias_requires_vwap_side)
  const kept: Evaluation[] = []
  if (config.trend.enabled)
    for (const side of SIDES)
      if (isWorthKeeping(readTrendBoxes(features, side, bias, config)))
        kept.push(evaluateTrend(features, side, bias, config))
  if (config.mean_reversion.enabled)
    for (const side of SIDES)
      if (isWorthKeeping(readReversionBoxes(features, side, config)))
        kept.push(evaluateReversion(features, side, config))
  return kept
}

const signalText = (evaluation: Evaluation): string => {
  const what =
    evaluation.strategy === 'trend_continuation' ? 'Trend continuation' : 'Mean reversion to VWAP'
  const way = evaluation.side === 'BUY' ? 'long' : 'short'
  const notes = evaluation.boxes.filter((result) => result.checked).map((result) => result.note)
  return `${what} ${way}, grade ${evaluation.grade}: ${notes.join('; ')}`
}

const evaluatedOutput = (
  features: Features,
  evaluation: Evaluation,
  reasons: readonly NoSignalReason[],
  featuresEventId: string,
): Output => {
  const setup_id = setupId(features, evaluation)
  return output('setup.evaluated', {
    aggregate_id: setup_id,
    aggregate_version: 1,
    occurred_at: features.at,
    correlation_id: setup_id,
    payload: {
      venue: features.venue,
      symbol: features.symbol,
      setup_id,
      at: features.at,
      strategy: evaluation.strategy,
      side: evaluation.side,
      grade: evaluation.grade,
      boxes: [...evaluation.boxes],
      score: evaluation.score,
      price: priceText(features, features.price_ticks),
      poi: evaluation.poi === null ? null : priceText(features, evaluation.poi.ticks),
      signalled: reasons.length === 0,
      reasons: [...reasons],
      features_event_id: featuresEventId,
    },
  })
}

const signalOutput = (features: Features, evaluation: Evaluation, link: SetupLink): Output[] => {
  const setup_id = setupId(features, evaluation)
  const signal_id = `SIG-${setup_id}`
  if (evaluation.exits === null) return []
  return [
    output('setup.signal.generated', {
      aggregate_id: signal_id,
      aggregate_version: 1,
      occurred_at: features.at,
      correlation_id: setup_id,
      payload: {
        venue: features.venue,
        symbol: features.symbol,
        signal_id,
        setup_id,
        at: features.at,
        strategy: evaluation.strategy,
        side: evaluation.side,
        grade: evaluation.grade,
        score: evaluation.score,
        entry_price: priceText(features, features.price_ticks),
        stop_price_abs: priceText(features, evaluation.exits.stop_ticks),
        target_price_abs: priceText(features, evaluation.exits.target_ticks),
        stop_basis: evaluation.exits.basis,
        rationale: signalText(evaluation),
        tainted: features.tainted_until !== null && features.tainted_until > features.at,
        market: {
          atr_15m: features.atr_15m,
          volatility_state: features.volatility_state,
          volume_5m_quote: features.volume_5m_quote,
          spread_percent: features.spread_percent,
          depth_quote: features.depth_quote,
          p_false_breakout: link.model_score?.p_false_breakout ?? null,
        },
        ...link,
      },
    }),
  ]
}

const handleFeatures = (
  state: SetupState,
  tracked: TrackedSetups,
  message: Message<'orderflow.features'>,
  config: StrategyConfig,
): Output[] => {
  const features = message.payload
  const symbol = symbolState(state, features)
  symbol.given = stillCooling(symbol.given, features.at, config.cooldown_ms)
  const outputs: Output[] = []
  for (const evaluation of evaluateAll(features, symbol, config)) {
    const candidate: GivenSignal = {
      strategy: evaluation.strategy,
      side: evaluation.side,
      poi_ticks: evaluation.poi?.ticks ?? null,
      grade: evaluation.grade,
      at: features.at,
    }
    const reasons = inPrecedence({
      ...Object.fromEntries(evaluation.reasons.map((reason) => [reason, true])),
      ALREADY_SIGNALLED: isAlreadySignalled(
        symbol.given,
        candidate,
        config.cooldown_ms,
        config.poi_tolerance_fraction,
      ),
      POSITION_OR_ORDER_OPEN: isBusy(symbol),
    })
    outputs.push(evaluatedOutput(features, evaluation, reasons, message.event_id))
    if (reasons.length > 0) continue
    symbol.given.push(candidate)
    const link = tracked.linkOf(features, evaluation.side)
    outputs.push(...signalOutput(features, evaluation, link))
  }
  return outputs
}

/** Setup events are told by `tracked`; everything else of a message concerns the order-flow setups. */
type Lifecycle = Extract<
  Message,
  {
    type: Exclude<
      (typeof SETUP_INPUTS)[number],
      'orderflow.features' | 'market.bar.closed' | 'reconciler.setup_outcome.decided'
    >
  }
>

/** What execution is doing decides whether a symbol is busy; a new run knows nothing of the old one. */
const note = (state: SetupState, message: Lifecycle): void => {
  switch (message.type) {
    case 'market.run.started':
      state.symbols = {}
      break
    case 'execution.trade.started':
    case 'execution.trade.opened':
      noteTradeStarted(state, message.payload)
      break
    case 'execution.trade.abandoned':
    case 'execution.trade.closed':
      noteTradeEnded(state, message.payload)
      break
    case 'execution.position.changed':
      notePosition(state, message.payload)
      break
  }
}

/** Checkpoints of before there were setup events know nothing of them. */
type Saved = SetupState & { readonly tracked?: Json }

/**
 * Judges setups at each 15 s close: every evaluation with three or more boxes becomes
 * `setup.evaluated`, and a signal when nothing speaks against it. Beside them it follows compressions and
 * break attempts on closed bars (`setup.event.recorded`), and says in each signal which it came from.
 */
export const createSetupDecider = (
  { strategy, setup_events }: SetupDeciderConfig,
  snapshot?: Json,
  model?: SetupModel,
): Decider => {
  const { tracked: followed, ...rest } = copyJson(snapshot ?? { symbols: {} }) as unknown as Saved
  const state: SetupState = rest
  const tracked = new TrackedSetups(setup_events, model, followed)
  return {
    handle(message: Message): Output[] {
      if (!isOneOf(message, SETUP_INPUTS)) return []
      if (message.type === 'orderflow.features')
        return handleFeatures(state, tracked, message, strategy)
      if (message.type === 'market.bar.closed') return tracked.onBar(message.payload)
      if (message.type === 'reconciler.setup_outcome.decided') tracked.onOutcome(message.payload)
      else note(state, message)
      if (message.type === 'market.run.started') tracked.reset()
      return []
    },
    snapshot: () => copyJson({ ...state, tracked: tracked.snapshot() }),
  }
}
