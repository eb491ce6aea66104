import type { Random } from '@tapedeck/core'
import type { FaultKind, FaultPlan, PlannedFault } from '@tapedeck/venue-simulator'
import { drawFurtherFaults } from './draw-further-faults.ts'
import { PLAIN, moment, some } from './fault-times.ts'

type Planned = PlannedFault
type Draw = (random: Random) => Pick<Planned, 'fault' | 'when'> & Partial<Planned>

const accepted = (random: Random): 'never' | 'always' | 'seeded' =>
  random.pick(['never', 'always', 'seeded'])

const trading = (random: Random): Planned['on'] => ({
  requests: random.pick([
    ['orders'],
    ['cancels'],
    ['orders', 'cancels'],
    ['orders', 'cancels', 'queries'],
  ]),
})

const onOrders =
  (fault: (random: Random) => Planned['fault']): Draw =>
  (random) => ({ fault: fault(random), when: some(random), on: trading(random) })

const onAnything =
  (fault: (random: Random) => Planned['fault']): Draw =>
  (random) => ({
    fault: fault(random),
    when: some(random),
    lasting_ms: random.pick([0, 0, 2_000, 8_000]),
    times: random.integer(1, 5),
  })

const onMessages =
  (fault: (random: Random) => Planned['fault']): Draw =>
  (random) => ({
    fault: fault(random),
    when: random.chance(0.7)
      ? { kind: 'probability', probability: random.pick([0.1, 0.3, 0.8]) }
      : { kind: 'nth', nth: random.integer(1, 6) },
  })

const onConnections =
  (fault: (random: Random) => Planned['fault']): Draw =>
  (random) => ({ fault: fault(random), when: moment(random) })

const onEntry =
  (fault: (random: Random) => Planned['fault']): Draw =>
  (random) => ({ fault: fault(random), when: { kind: 'once' } })

const onTriggers =
  (fault: (random: Random) => Planned['fault']): Draw =>
  (random) => ({
    fault: fault(random),
    when: random.pick<Planned['when']>([
      { kind: 'once' },
      { kind: 'probability', probability: 0.6 },
    ]),
  })

const moves =
  (fault: (random: Random) => Planned['fault']): Draw =>
  (random) => ({ fault: fault(random), when: moment(random) })

/** A clock that is set right again would run back, which no venue's does. */
const THROUGHOUT = { from_ms: 0, until_ms: null }
const EVERYWHERE = { account: null, symbol: null }
const ROUTES = { routes: ['private' as const] }
const ALTERATIONS = [
  'unknown_fields',
  'unknown_values',
  'numbers_as_strings',
  'strings_as_numbers',
  'nulls',
] as const

const REQUESTS = {
  latency: onAnything((r) => ({
    kind: 'latency',
    low_ms: 20,
    high_ms: r.pick([300, 2_000, 9_000]),
  })),
  reset: onOrders((r) => ({ kind: 'reset', accepted: accepted(r) })),
  timeout: onOrders((r) => ({ kind: 'timeout', accepted: accepted(r) })),
  answer_lost: onOrders((r) => ({ kind: 'answer_lost', as: r.pick(['reset', 'timeout']) })),
  empty_answer: onOrders((r) => ({ kind: 'empty_answer', accepted: accepted(r) })),
  html_answer: onOrders((r) => ({
    kind: 'html_answer',
    status: r.pick([200, 403, 502, 504]),
    accepted: accepted(r),
  })),
  truncated_answer: onAnything(() => ({ kind: 'truncated_answer' })),
  altered_answer: onAnything((r) => ({ kind: 'altered_answer', alteration: r.pick(ALTERATIONS) })),
  rate_limited: onAnything((r) => ({ kind: 'rate_limited', retry_after_s: r.pick([null, 1, 5]) })),
  order_rate_limited: onOrders((r) => ({ kind: 'order_rate_limited', status: r.pick([400, 429]) })),
  banned: (r) => ({
    ...onAnything(() => ({ kind: 'banned', for_ms: 4_000 }))(r),
    lasting_ms: 4_000,
    times: 1,
  }),
  weight_jumps: onAnything((r) => ({ kind: 'weight_jumps', to: r.pick([1_500, 2_300]) })),
  execution_unknown: onOrders((r) => ({ kind: 'execution_unknown', accepted: accepted(r) })),
  service_unavailable: onOrders(() => ({ kind: 'service_unavailable' })),
  overloaded: onOrders(() => ({ kind: 'overloaded' })),
  internal_error: onOrders(() => ({ kind: 'internal_error' })),
  backend_timeout: onOrders((r) => ({ kind: 'backend_timeout', accepted: accepted(r) })),
  unknown_code: onOrders((r) => ({
    kind: 'unknown_code',
    code: r.pick([-1000, -1001, -1006]),
    accepted: accepted(r),
  })),
  refused: onOrders((r) => ({
    kind: 'refused',
    code: r.pick([-1021, -2010, -2019, -2021, -2022, -2027, -4131, -5022]),
  })),
  restricted: onOrders((r) => ({ kind: 'restricted', code: r.pick([-2023, -4192, -4400]) })),
  key_refused: onAnything(() => ({ kind: 'key_refused' })),
  listen_key_gone: (r) => ({
    fault: { kind: 'listen_key_gone' },
    when: some(r),
    on: { requests: ['listen_key'] },
  }),
  outage: (r) => ({
    fault: {
      kind: 'outage',
      part: r.pick(['orders', 'queries', 'streams']),
      as: r.pick(['service_unavailable', 'timeout', 'reset']),
    },
    when: moment(r),
    lasting_ms: r.pick([1_000, 5_000, 15_000]),
  }),
} satisfies Partial<Record<FaultKind, Draw>>

const REST = {
  clock_offset: (r) => ({
    ...THROUGHOUT,
    fault: { kind: 'clock_offset', offset_ms: r.pick([-30_000, -2_000, 900, 4_000, 120_000]) },
    when: { kind: 'always' },
  }),
  clock_drift: (r) => ({
    ...THROUGHOUT,
    fault: { kind: 'clock_drift', ms_per_hour: r.pick([-200_000, 50_000, 200_000]) },
    when: { kind: 'always' },
  }),
  account_late: onMessages((r) => ({
    kind: 'account_late',
    low_ms: 10,
    high_ms: r.pick([500, 5_000, 30_000]),
  })),
  account_duplicated: onMessages((r) => ({
    kind: 'account_duplicated',
    after_ms: r.pick([0, 300, 10_000]),
  })),
  account_reordered: onMessages(() => ({ kind: 'account_reordered' })),
  account_lost: onMessages(() => ({ kind: 'account_lost' })),
  account_late_new: onMessages((r) => ({
    kind: 'account_late_new',
    late_ms: r.pick([200, 3_000]),
  })),
  trade_lite_only: onMessages(() => ({ kind: 'trade_lite_only' })),
  account_malformed: onMessages(() => ({ kind: 'account_malformed' })),
  account_altered: onMessages((r) => ({
    kind: 'account_altered',
    alteration: r.pick([...ALTERATIONS, 'unknown_event']),
  })),
  stream_closed: onConnections(() => ({ kind: 'stream_closed', code: 1001, ...ROUTES })),
  stream_terminated: onConnections(() => ({ kind: 'stream_terminated', ...ROUTES })),
  stream_silent: onConnections(() => ({ kind: 'stream_silent', ...ROUTES })),
  stream_life_ends: (r) => ({
    fault: { kind: 'stream_life_ends', ...ROUTES, life_ms: r.integer(8_000, 40_000) },
    when: { kind: 'always' },
  }),
  stream_down: onConnections((r) => ({
    kind: 'stream_down',
    ...ROUTES,
    for_ms: r.pick([2_000, 10_000, 25_000]),
  })),
  listen_key_expired: onConnections(() => ({ kind: 'listen_key_expired' })),
  algo_stuck: onTriggers(() => ({ kind: 'algo_stuck' })),
  algo_rejected: onTriggers(() => ({ kind: 'algo_rejected', reason: 'Margin is insufficient.' })),
  algo_unfilled: onTriggers(() => ({ kind: 'algo_unfilled' })),
  algo_expired: onTriggers(() => ({ kind: 'algo_expired' })),
  // Once: an exit that the venue leaves half done for ever can only be ended by hand.
  partial_then_nothing: onEntry((r) => ({
    kind: 'partial_then_nothing',
    part: r.between(0.1, 0.9),
  })),
  partial_then_expired: onTriggers((r) => ({
    kind: 'partial_then_expired',
    part: r.between(0.1, 0.9),
  })),
  cancel_too_late: onTriggers(() => ({ kind: 'cancel_too_late' })),
  liquidation: moves(() => ({ kind: 'liquidation', ...EVERYWHERE })),
  deleveraging: moves((r) => ({ kind: 'deleveraging', ...EVERYWHERE, part: r.pick([0.3, 1]) })),
  foreign_leverage: moves((r) => ({
    kind: 'foreign_leverage',
    ...EVERYWHERE,
    leverage: r.pick([5, 20]),
  })),
  funding: moves((r) => ({ kind: 'funding', symbol: null, rate: r.pick(['0.0005', '-0.0008']) })),
} satisfies Partial<Record<FaultKind, Draw>>

/** How a fault of a kind is drawn. */
const DRAWN: Readonly<Partial<Record<FaultKind, Draw>>> = { ...REQUESTS, ...REST }

const KINDS = Object.keys(DRAWN) as FaultKind[]

/** What goes wrong in a trial: one to four kinds, or nothing at all in one of twelve, and at times what is further afield. */
export const drawFaults = (seed: number, random: Random, further: Random): FaultPlan => {
  const count = random.chance(1 / 12) ? 0 : random.integer(1, 4)
  const kinds = new Set(Array.from({ length: count }, () => random.pick(KINDS)))
  return {
    name: `seed ${seed}`,
    seed,
    faults: [...kinds]
      .flatMap((kind) => {
        const draw = DRAWN[kind]
        return draw === undefined ? [] : [{ ...PLAIN, ...draw(random) }]
      })
      .concat(drawFurtherFaults(further)),
  }
}
