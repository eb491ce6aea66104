import type { Random } from '@tapedeck/core'
import type { PlannedFault } from '@tapedeck/venue-simulator'
import { PLAIN, moment, some } from './fault-times.ts'
import { INSTRUMENTS } from './instruments.ts'

type Draw = (random: Random) => readonly PlannedFault[]

/** Orders fill while the other things that go wrong do; of somebody else, in the symbol that is always there. */
const { symbol: SYMBOL } = INSTRUMENTS[0]
const NO_TRADING = ['HALT', 'BREAK', 'PENDING_TRADING'] as const
/** Refusals that the venue gives beside those that are drawn anyway. */
const CODES = [-1008, -1111, -2018, -2028, -4014, -4016, -4024, -4116, -4118, -4164, -4192]
const ON_ORDERS = { requests: ['orders' as const] }

const foreignOrder: Draw = (random) => [
  {
    ...PLAIN,
    fault: {
      kind: 'foreign_order',
      account: null,
      symbol: SYMBOL,
      side: random.pick(['BUY', 'SELL']),
      quantity: (random.integer(1, 60) / 1000).toFixed(3),
    },
    when: moment(random),
  },
]

const at = (time: number): PlannedFault['when'] => ({ kind: 'at', times_ms: [time] })

const symbolStatus: Draw = (random) => {
  const from = random.integer(9_000, 30_000)
  const fault = { kind: 'symbol_status' as const, symbol: SYMBOL }
  const halted = random.pick(NO_TRADING)
  return [
    { ...PLAIN, fault: { ...fault, status: halted }, when: at(from) },
    {
      ...PLAIN,
      fault: { ...fault, status: 'TRADING' },
      when: at(from + random.pick([1_500, 6_000, 20_000])),
    },
  ]
}

const settlement: Draw = (random) => [
  {
    ...PLAIN,
    fault: { kind: 'symbol_status', symbol: SYMBOL, status: 'SETTLING' },
    when: moment(random),
  },
]

/** Market orders that the venue leaves half done for ever, exits too, again and again for a while. */
const halfDone: Draw = (random) => [
  {
    ...PLAIN,
    fault: { kind: 'partial_then_nothing', part: random.between(0, 0.9) },
    when: { kind: 'probability', probability: random.pick([0.3, 0.7, 1]) },
    from_ms: 9_000,
    until_ms: random.pick([20_000, 40_000]),
  },
]

const refusals: Draw = (random) => [
  {
    ...PLAIN,
    fault: { kind: 'refused', code: random.pick(CODES) },
    when: some(random),
    on: ON_ORDERS,
  },
]

const foreignMarginType: Draw = (random) => [
  {
    ...PLAIN,
    fault: {
      kind: 'foreign_margin_type',
      account: null,
      symbol: SYMBOL,
      margin_type: random.pick(['CROSSED', 'ISOLATED']),
    },
    when: moment(random),
  },
]

const DRAWS = [foreignOrder, symbolStatus, settlement, halfDone, refusals, foreignMarginType]

/** In one seed of four, one kind of what is further afield. */
export const drawFurtherFaults = (random: Random): readonly PlannedFault[] =>
  random.chance(1 / 4) ? random.pick(DRAWS)(random) : []
