import {
  Instrument,
  InstrumentConfig,
  RiskConfig,
  SessionConfig,
  type Message,
  type MessageType,
  type PayloadOf,
  type SignalGenerated,
} from '@tapedeck/contracts'
import { testInstrumentConfig } from '@tapedeck/test-data'
import type { RiskDeciderConfig } from './index.ts'

/** 2024-08-08T12:00:00Z: inside the session of that date. */
export const NOON = 1_723_118_400_000

const instrument = (symbol: string, group: string): InstrumentConfig =>
  InstrumentConfig.parse(
    testInstrumentConfig({
      symbol,
      min_quantity: '0.002',
      min_notional: '110',
      correlation_group: group,
    }),
  )

export const configured = (risk: object = {}): RiskDeciderConfig => ({
  risk: RiskConfig.parse(risk),
  session: SessionConfig.parse({}),
  execution: { account: 'paper', starting_balance: '10000' },
  instruments: [
    instrument('BTCUSDT', 'majors'),
    instrument('ETHUSDT', 'majors'),
    instrument('SOLUSDT', 'majors'),
    instrument('XRPUSDT', 'none'),
  ],
})

export const on = (symbol = 'BTCUSDT'): { account: string; venue: string; symbol: string } => ({
  account: 'paper',
  venue: 'binance-usdm',
  symbol,
})

/** A message as risk sees it: the parts that the decider reads, on an otherwise constant envelope. */
export const message = <T extends MessageType>(
  type: T,
  payload: Partial<PayloadOf<T>> | object,
  occurred_at = NOON,
): Message =>
  ({
    event_id: '00000000-0000-5000-8000-000000000001',
    seq: 1,
    type,
    schema_version: 1,
    aggregate_type: 'any',
    aggregate_id: 'any',
    aggregate_version: 1,
    occurred_at,
    recorded_at: occurred_at,
    run_id: '00000000-0000-5000-8000-000000000000',
    correlation_id: null,
    causation_id: null,
    producer: { service: 'test', version: '0.1.0', config_hash: '0000000000000000' },
    payload,
  }) as unknown as Message

export const runStarted = (kind: 'live' | 'generated' | 'recording' = 'live'): Message =>
  message('market.run.started', {
    kind,
    source: 'test',
    lockstep: true,
    instruments: configured().instruments.map((each) => Instrument.parse(each)),
  })

export const accountIs = (wallet: string, unrealized = '0', at = NOON): Message =>
  message('execution.account.updated', {
    account: 'paper',
    at,
    wallet_balance: wallet,
    unrealized_pnl: unrealized,
    equity: wallet,
    open_positions: 0,
    pending_entries: 0,
  })

export const reconciled = (clean = true, trigger = 'start'): Message =>
  message('reconciler.run.completed', {
    account: 'paper',
    run_number: 1,
    at: NOON,
    trigger,
    clean,
    findings: clean ? 0 : 2,
  })

export const traded = (at: number, symbol = 'BTCUSDT'): Message =>
  message('market.trades', { venue: 'binance-usdm', symbol, time: [at] }, at)

export const clock = (at: number): Message => message('market.clock', { at, jump: false }, at)

export const closed = (netPnl: string, id = 'T1', symbol = 'BTCUSDT'): Message =>
  message('execution.trade.closed', { ...on(symbol), trade: { trade_id: id }, net_pnl: netPnl })

export const started = (id: string, symbol: string, signalId = 'none'): Message =>
  message('execution.trade.started', {
    ...on(symbol),
    trade: {
      trade_id: id,
      signal_id: signalId,
      planned_quantity: '0.1',
      planned_entry_price: '60000',
    },
  })

export const command = (name: string, more: object = {}): Message =>
  message('risk.command.received', {
    account: 'paper',
    command_id: 'C1',
    command: name,
    reason: 'because',
    by: 'ann',
    limits: null,
    breaker: null,
    ...more,
  })

/** A long of grade A at 60,000 with its stop 300 below: 25 / 300 = 0.083 BTC at 10,000 of equity. */
export const signal = (changes: Partial<SignalGenerated> = {}): Message =>
  message('setup.signal.generated', {
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    signal_id: 'SIG-BTCUSDT-TC-L-20240808T120000',
    setup_id: 'BTCUSDT-TC-L-20240808T120000',
    at: NOON,
    strategy: 'trend_continuation',
    side: 'BUY',
    grade: 'A',
    score: 5,
    entry_price: '60000',
    stop_price_abs: '59700',
    target_price_abs: '60750',
    stop_basis: 'test',
    rationale: 'test',
    tainted: false,
    market: {
      atr_15m: 150,
      volatility_state: 'normal',
      volume_5m_quote: 20_000_000,
      spread_percent: 0.001,
      depth_quote: 5_000_000,
      p_false_breakout: null,
    },
    setup_event_id: null,
    feature_schema_version: null,
    strategy_template_version: null,
    model_score: null,
    ...changes,
  })

/** What a model says of a signal. */
export const scored = (
  quality: number | null,
  pFalseBreakout: number | null = null,
  version = 'lgbm-v1.0.0',
): Pick<SignalGenerated, 'model_score'> => ({
  model_score: {
    model_quality_score: quality,
    p_cont_1R: null,
    p_false_breakout: pFalseBreakout,
    p_atr_expand: null,
    model_version: version,
    calibration_bucket: null,
  },
})

/** Everything in order: account known, books compared, a market event just now. */
export const ready = (kind: 'live' | 'generated' | 'recording' = 'live'): Message[] => [
  runStarted(kind),
  accountIs('10000'),
  reconciled(),
  ...['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT'].map((symbol) => traded(NOON, symbol)),
]
