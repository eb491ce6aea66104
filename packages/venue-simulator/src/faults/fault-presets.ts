import { TapedeckError } from '@tapedeck/contracts'
import type { z } from 'zod'
import type { FaultPlan } from './fault-plan.ts'
import { checkFaultPlan } from './parse-fault-plan.ts'

type Input = z.input<typeof FaultPlan>['faults'][number]

const MINUTE = 60_000
const SECOND = 1000
const EVERY = ['public', 'market', 'private', 'ws-fapi'] as const satisfies string[]

const sometimes = (probability: number): Input['when'] => ({ kind: 'probability', probability })
const every = (every_ms: number): Input['when'] => ({
  kind: 'every',
  every_ms,
  jitter_ms: every_ms,
})

/** The line between client and venue is bad; the venue itself works. */
const NETWORK: readonly Input[] = [
  { fault: { kind: 'latency', low_ms: 20, high_ms: 800 }, when: sometimes(0.3) },
  { fault: { kind: 'reset', accepted: 'seeded' }, when: sometimes(0.01) },
  { fault: { kind: 'timeout', accepted: 'seeded' }, when: sometimes(0.005) },
  { fault: { kind: 'answer_lost', as: 'reset' }, when: sometimes(0.02) },
  { fault: { kind: 'html_answer', status: 502, accepted: 'seeded' }, when: sometimes(0.005) },
  { fault: { kind: 'html_answer', status: 504, accepted: 'seeded' }, when: sometimes(0.005) },
  { fault: { kind: 'empty_answer', accepted: 'always' }, when: sometimes(0.003) },
  { fault: { kind: 'truncated_answer' }, when: sometimes(0.003) },
  { fault: { kind: 'stream_terminated', routes: [...EVERY] }, when: every(10 * MINUTE) },
  { fault: { kind: 'stream_closed', routes: [...EVERY] }, when: every(25 * MINUTE) },
  { fault: { kind: 'stream_silent', routes: [...EVERY] }, when: every(40 * MINUTE) },
  {
    fault: { kind: 'stream_down', routes: ['private'] },
    when: every(30 * MINUTE),
    lasting_ms: 20 * SECOND,
  },
  { fault: { kind: 'account_late', low_ms: 100, high_ms: 2000 }, when: sometimes(0.1) },
  { fault: { kind: 'account_duplicated' }, when: sometimes(0.05) },
  { fault: { kind: 'market_gap' }, when: sometimes(0.001) },
  { fault: { kind: 'market_late', low_ms: 50, high_ms: 500 }, when: sometimes(0.01) },
]

/** The venue has more to do than it can. */
const BUSY: readonly Input[] = [
  { fault: { kind: 'latency', low_ms: 200, high_ms: 4000 }, when: sometimes(0.5) },
  { fault: { kind: 'execution_unknown', accepted: 'seeded' }, when: sometimes(0.03) },
  { fault: { kind: 'service_unavailable' }, when: sometimes(0.02) },
  { fault: { kind: 'overloaded' }, when: sometimes(0.05) },
  { fault: { kind: 'backend_timeout', accepted: 'seeded' }, when: sometimes(0.02) },
  { fault: { kind: 'unknown_code', code: -1006, accepted: 'seeded' }, when: sometimes(0.01) },
  {
    fault: { kind: 'rate_limited', retry_after_s: null },
    when: every(15 * MINUTE),
    lasting_ms: 5000,
  },
  { fault: { kind: 'rate_limited', retry_after_s: 3 }, when: every(20 * MINUTE), lasting_ms: 3000 },
  { fault: { kind: 'order_rate_limited' }, when: sometimes(0.01) },
  { fault: { kind: 'weight_jumps', to: 2300 }, when: sometimes(0.01) },
  { fault: { kind: 'account_late', low_ms: 1000, high_ms: 30_000 }, when: sometimes(0.1) },
  { fault: { kind: 'account_late_new', late_ms: 500 }, when: sometimes(0.1) },
  { fault: { kind: 'market_late', low_ms: 500, high_ms: 3000 }, when: sometimes(0.05) },
  { fault: { kind: 'market_burst', times: 20 }, when: sometimes(0.001) },
  { fault: { kind: 'outage', part: 'queries' }, when: every(60 * MINUTE), lasting_ms: 20 * SECOND },
]

/** What an exchange does to orders and accounts when the day is bad. */
const HARD: readonly Input[] = [
  { fault: { kind: 'algo_stuck' }, when: sometimes(0.1) },
  { fault: { kind: 'algo_rejected' }, when: sometimes(0.05) },
  { fault: { kind: 'algo_unfilled' }, when: sometimes(0.05) },
  { fault: { kind: 'algo_expired' }, when: sometimes(0.05) },
  { fault: { kind: 'partial_then_nothing', part: 0.4 }, when: sometimes(0.05) },
  { fault: { kind: 'partial_then_expired', part: 0.5 }, when: sometimes(0.05) },
  { fault: { kind: 'cancel_too_late' }, when: sometimes(0.1) },
  { fault: { kind: 'refused', code: -2019 }, when: sometimes(0.02) },
  { fault: { kind: 'refused', code: -4131 }, when: sometimes(0.01) },
  { fault: { kind: 'refused', code: -2010 }, when: sometimes(0.01) },
  { fault: { kind: 'price_jump', share: 0.03 }, when: every(45 * MINUTE) },
  { fault: { kind: 'price_jump', share: -0.03 }, when: every(45 * MINUTE) },
  { fault: { kind: 'funding', rate: '0.003' }, when: every(60 * MINUTE) },
  { fault: { kind: 'listen_key_expired' }, when: every(50 * MINUTE) },
  { fault: { kind: 'account_lost' }, when: sometimes(0.01) },
  { fault: { kind: 'account_reordered' }, when: sometimes(0.05) },
  { fault: { kind: 'trade_lite_only' }, when: sometimes(0.02) },
  { fault: { kind: 'restricted', code: -4400 }, when: every(90 * MINUTE), lasting_ms: 5 * MINUTE },
  { fault: { kind: 'outage', part: 'orders' }, when: every(60 * MINUTE), lasting_ms: 15 * SECOND },
  { fault: { kind: 'outage', part: 'streams' }, when: every(80 * MINUTE), lasting_ms: 30 * SECOND },
  { fault: { kind: 'clock_drift', ms_per_hour: 300 }, when: { kind: 'always' } },
]

/** Answers and frames that are not what is documented. */
const BAD_INPUT: readonly Input[] = [
  ...(
    ['unknown_fields', 'unknown_values', 'numbers_as_strings', 'strings_as_numbers'] as const
  ).flatMap((alteration): Input[] => [
    { fault: { kind: 'altered_answer', alteration }, when: sometimes(0.05) },
    { fault: { kind: 'account_altered', alteration }, when: sometimes(0.05) },
    { fault: { kind: 'market_altered', alteration }, when: sometimes(0.005) },
  ]),
  { fault: { kind: 'altered_answer', alteration: 'nulls' }, when: sometimes(0.02) },
  { fault: { kind: 'account_altered', alteration: 'nulls' }, when: sometimes(0.02) },
  { fault: { kind: 'account_altered', alteration: 'unknown_event' }, when: sometimes(0.02) },
  { fault: { kind: 'market_altered', alteration: 'unknown_event' }, when: sometimes(0.005) },
  { fault: { kind: 'account_malformed' }, when: sometimes(0.02) },
  { fault: { kind: 'market_malformed' }, when: sometimes(0.005) },
  { fault: { kind: 'html_answer', status: 200, accepted: 'always' }, when: sometimes(0.02) },
  { fault: { kind: 'html_answer', status: 403, accepted: 'never' }, when: sometimes(0.01) },
  { fault: { kind: 'empty_answer', accepted: 'always' }, when: sometimes(0.02) },
  { fault: { kind: 'truncated_answer' }, when: sometimes(0.02) },
  { fault: { kind: 'odd_filters' }, when: sometimes(0.2) },
  {
    fault: { kind: 'clock_offset', offset_ms: 240_000 },
    when: { kind: 'always' },
    from_ms: 5 * MINUTE,
    until_ms: 8 * MINUTE,
  },
  { fault: { kind: 'key_refused' }, when: every(30 * MINUTE), lasting_ms: 5000 },
]

/** What is left of the list: rare, or the end of an account. */
const REST: readonly Input[] = [
  { fault: { kind: 'banned', for_ms: 2 * MINUTE }, when: every(120 * MINUTE) },
  { fault: { kind: 'internal_error' }, when: sometimes(0.005) },
  { fault: { kind: 'listen_key_gone' }, when: sometimes(0.05) },
  { fault: { kind: 'old_snapshot' }, when: sometimes(0.1) },
  {
    fault: { kind: 'rate_limited', retry_after_s: null },
    when: sometimes(0.1),
    on: { requests: ['depth'] },
  },
  { fault: { kind: 'market_duplicated' }, when: sometimes(0.01) },
  { fault: { kind: 'market_reordered' }, when: sometimes(0.005) },
  {
    fault: { kind: 'market_silent' },
    when: every(20 * MINUTE),
    on: { streams: ['@depth', '@aggTrade'] },
    lasting_ms: 30 * SECOND,
  },
  { fault: { kind: 'book_ticker_crossed' }, when: sometimes(0.01) },
  { fault: { kind: 'mark_price_stale' }, when: every(30 * MINUTE), lasting_ms: 2 * MINUTE },
  { fault: { kind: 'kline_never_closes' }, when: sometimes(0.1) },
  { fault: { kind: 'stream_life_ends', routes: [...EVERY] }, when: { kind: 'always' } },
  { fault: { kind: 'foreign_order', side: 'BUY', quantity: '0.003' }, when: every(70 * MINUTE) },
  { fault: { kind: 'foreign_leverage', leverage: 3 }, when: every(100 * MINUTE) },
  { fault: { kind: 'foreign_margin_type', margin_type: 'ISOLATED' }, when: every(110 * MINUTE) },
  { fault: { kind: 'deleveraging', part: 0.5 }, when: every(95 * MINUTE) },
  { fault: { kind: 'liquidation' }, when: every(180 * MINUTE) },
  {
    fault: { kind: 'symbol_status', status: 'BREAK' },
    when: { kind: 'at', times_ms: [150 * MINUTE] },
  },
  {
    fault: { kind: 'symbol_status', status: 'TRADING' },
    when: { kind: 'at', times_ms: [155 * MINUTE] },
  },
  {
    fault: { kind: 'clock_offset', offset_ms: -3000 },
    when: { kind: 'always' },
    from_ms: 60 * MINUTE,
    until_ms: 62 * MINUTE,
  },
  { fault: { kind: 'countdown_cancels_algo' }, when: { kind: 'always' }, from_ms: 120 * MINUTE },
]

const PRESETS: Readonly<
  Record<string, { readonly says: string; readonly faults: readonly Input[] }>
> = {
  calm: { says: 'nothing goes wrong', faults: [] },
  'flaky-network': {
    says: 'answers are late or lost, streams drop, messages double',
    faults: NETWORK,
  },
  'busy-exchange': { says: 'limits, 503 of all kinds, late streams, queries down', faults: BUSY },
  'bad-day': {
    says: 'the line is bad, the venue is busy, stops stick, orders fill in part, prices jump',
    faults: [...NETWORK, ...BUSY, ...HARD],
  },
  'bad-input': {
    says: 'malformed frames and answers, unknown fields and words, numbers as texts and back',
    faults: BAD_INPUT,
  },
  everything: {
    says: 'every kind of fault there is',
    faults: [...NETWORK, ...BUSY, ...HARD, ...BAD_INPUT, ...REST],
  },
}

/** Names of the presets with what each does. */
export const FAULT_PRESETS: readonly { readonly name: string; readonly says: string }[] =
  Object.entries(PRESETS).map(([name, { says }]) => ({ name, says }))

/** A preset as a plan. Throws VALIDATION_FAILED for a name that is none, with those that are. */
export const presetPlan = (name: string, seed: number): FaultPlan => {
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined
  if (preset === undefined)
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `faults: "${name}" is no preset; expected ${Object.keys(PRESETS).join(', ')}`,
      { hint: 'Name a preset, or give the path of a JSON file.' },
    )
  return checkFaultPlan({ name, seed, faults: preset.faults }, `preset ${name}`)
}
