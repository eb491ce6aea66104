import {
  ExecutionConfig,
  type Features,
  MESSAGES,
  type ApprovedOrder,
  type Message,
  type MessageType,
  type Output,
  type PayloadOf,
} from '@tapedeck/contracts'
import { testApproval, testInstrument } from '@tapedeck/test-data'
import { createExecutionDecider } from '../execution-decider.ts'
import type { ExecutionDecider } from '../execution-decider-port.ts'
import type { Json } from '../../decider.ts'

export const RUN_ID = '00000000-0000-5000-8000-000000000001'
export const VENUE = 'binance-usdm'
export const SYMBOL = 'BTCUSDT'
export const START = 1_000_000

export const INSTRUMENT = testInstrument({
  venue: VENUE,
  symbol: SYMBOL,
  min_notional: '5',
  max_leverage: 10,
})

/** A message as it would be read from the tape. */
export const message = <T extends MessageType>(
  type: T,
  at: number,
  payload: PayloadOf<T>,
  rest: { seq?: number; correlation_id?: string | null } = {},
): Message =>
  ({
    event_id: '00000000-0000-5000-8000-000000000002',
    seq: rest.seq ?? 1,
    type,
    schema_version: MESSAGES[type].version,
    aggregate_type: MESSAGES[type].aggregate,
    aggregate_id: 'x',
    aggregate_version: 1,
    occurred_at: at,
    recorded_at: at,
    run_id: RUN_ID,
    correlation_id: rest.correlation_id ?? null,
    causation_id: null,
    producer: { service: 'test', version: '0', config_hash: '0000000000000000' },
    payload,
  }) as unknown as Message

export const executionConfig = (rest: Partial<ExecutionConfig> = {}): ExecutionConfig => ({
  ...ExecutionConfig.parse({}),
  ...rest,
})

export type Print = { at: number; ticks: number; lots: number; maker: 0 | 1 }

let nextTradeId = 1
/** Prints as one batch. */
export const trades = (prints: readonly Print[], excluded: number[] = []): Message => {
  const first = nextTradeId
  nextTradeId += prints.length
  return message('market.trades', prints.at(-1)?.at ?? 0, {
    venue: VENUE,
    symbol: SYMBOL,
    tick_size: '0.1',
    lot_size: '0.001',
    first_id: first,
    last_id: first + prints.length - 1,
    gap: 0,
    id: prints.map((_, i) => first + i),
    price_ticks: prints.map(({ ticks }) => ticks),
    quantity_lots: prints.map(({ lots }) => lots),
    time: prints.map(({ at }) => at),
    maker: prints.map(({ maker }) => maker),
    excluded,
  })
}

export const clock = (at: number): Message => message('market.clock', at, { at, jump: false })

export const runStarted = (at = START): Message =>
  message('market.run.started', at, {
    kind: 'generated',
    source: 'test',
    instruments: [INSTRUMENT],
    lockstep: true,
  })

export const reconciled = (at: number, clean = true): Message =>
  message('reconciler.run.completed', at, {
    account: 'paper',
    run_number: 1,
    at,
    trigger: 'start',
    clean,
    findings: clean ? 0 : 1,
    orders_compared: 0,
    positions_compared: 0,
    fills_compared: 0,
    seen: null,
  })

export const tradingState = (at: number, state: 'ACTIVE' | 'REDUCING' | 'HALTED'): Message =>
  message('risk.trading_state.changed', at, {
    account: 'paper',
    at,
    state,
    previous: 'HALTED',
    reason: 'test',
    by: 'test',
  })

/** A long by default: 0.1 BTC at 50000, stop 49900, target 50300. */
export const approved = (
  at: number,
  rest: { id?: string; side?: 'BUY' | 'SELL'; order?: Partial<ApprovedOrder> } = {},
): Message =>
  message('risk.signal.approved', at, testApproval({ at, venue: VENUE, symbol: SYMBOL, ...rest }))

const windows = (value: number): Record<'5s' | '15s' | '1m' | '5m', number> => ({
  '5s': value,
  '15s': value,
  '1m': value,
  '5m': value,
})

export const features = (at: number, rest: Partial<Features> & { close: number }): Message => {
  const { close, ...given } = rest
  return message('orderflow.features', at, {
    venue: VENUE,
    symbol: SYMBOL,
    at,
    tick_size: '0.1',
    lot_size: '0.001',
    session_id: '1970-01-01',
    session_started_at: 0,
    price_ticks: close,
    bars_15s: [
      {
        open_time: at - 15_000,
        open_ticks: close,
        high_ticks: close,
        low_ticks: close,
        close_ticks: close,
        volume_lots: 1,
        delta_lots: 0,
      },
    ],
    bars_15m: [],
    delta_ratio: windows(0),
    delta_lots: windows(0),
    volume_lots: windows(0),
    cvd_lots: 0,
    price_15s_ago_ticks: null,
    absorbed: [],
    aggressive: [],
    trapped: [],
    divergence: null,
    atr_15s: null,
    atr_15m: null,
    volatility_state: null,
    vwap: null,
    vwap_std: null,
    profile_session: null,
    profile_previous: null,
    swing_high_ticks: null,
    swing_low_ticks: null,
    swing_high_15s_ticks: null,
    swing_low_15s_ticks: null,
    market_state: 'UNKNOWN',
    initial_balance_done: true,
    wall_below: null,
    wall_above: null,
    funding: null,
    spread_percent: null,
    depth_quote: null,
    volume_5m_quote: 0,
    tainted_until: null,
    ...given,
  })
}

/** Plays messages into an execution decider and keeps what it appended, for tests. */
export class Scenario {
  decider: ExecutionDecider
  readonly config: ExecutionConfig
  readonly outputs: Output[] = []

  constructor(config: Partial<ExecutionConfig> = {}) {
    this.config = executionConfig(config)
    this.decider = createExecutionDecider({ execution: this.config })
  }

  /** A run that may trade, with a first print at 50000. */
  static ready(config: Partial<ExecutionConfig> = {}): Scenario {
    const scenario = new Scenario(config)
    scenario.play(runStarted(), reconciled(START), tradingState(START, 'ACTIVE'))
    scenario.print(START, 500_000)
    return scenario
  }

  /** Goes on from a snapshot that a test has changed. */
  static from(json: Json): Scenario {
    const scenario = new Scenario()
    scenario.decider = createExecutionDecider({ execution: scenario.config }, json)
    return scenario
  }

  play(...messages: readonly Message[]): Output[] {
    const before = this.outputs.length
    for (const one of messages) this.outputs.push(...this.decider.handle(one))
    return this.outputs.slice(before)
  }

  print(at: number, ticks: number, lots = 1_000, maker: 0 | 1 = 0): Output[] {
    return this.play(trades([{ at, ticks, lots, maker }]))
  }

  /** Goes on from a snapshot that went through JSON, as after a crash. */
  restart(): void {
    const json = JSON.parse(JSON.stringify(this.decider.snapshot())) as Json
    this.decider = createExecutionDecider({ execution: this.config }, json)
  }
}

/** Outputs in short: what, role and the numbers that matter. */
export const told = (outputs: readonly Output[]): string[] =>
  outputs.flatMap((one): string[] => {
    const name = one.type.replace('execution.', '')
    if (one.type.startsWith('execution.order.')) {
      const { order, fill } = one.payload as PayloadOf<'execution.order.filled'>
      const at = order.stop_price ?? order.price ?? 'market'
      const filled = fill === null ? '' : ` fill ${fill.last_quantity}@${fill.last_price}`
      return [`${name} ${order.role} ${order.quantity}@${at}${filled}`]
    }
    if (one.type === 'execution.position.changed') {
      const { side, quantity, protected: held } = one.payload
      return [`${name} ${side} ${quantity}${held ? ' protected' : ''}`]
    }
    if (one.type === 'execution.trade.closed') {
      const { exit_reason: reason, net_pnl: net } = one.payload
      return [`${name} ${reason} ${net}`]
    }
    return one.type === 'execution.account.updated' ? [] : [name]
  })

/** The last output of a type. */
export const last = <T extends MessageType>(outputs: readonly Output[], type: T): PayloadOf<T> => {
  const found = outputs.findLast((one) => one.type === type)
  if (found === undefined) throw new Error(`no ${type} was appended`)
  return found.payload as unknown as PayloadOf<T>
}
