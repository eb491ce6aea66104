import { MOVE_FAULTS, ORDER_FAULTS, TRIGGER_FAULTS } from './exchange-fault.ts'
import type { Schedule } from './fault-plan.ts'
import type { FaultKind } from './fault.ts'
import { REQUEST_FAULTS, SWITCHES } from './request-fault.ts'
import {
  ACCOUNT_FAULTS,
  CONNECTION_FAULTS,
  LISTEN_KEY_FAULTS,
  MARKET_FAULTS,
} from './stream-fault.ts'

/** Where a fault acts. */
export type FaultPlace =
  | 'request'
  | 'switch'
  | 'account'
  | 'market'
  | 'connection'
  | 'listen_key'
  | 'trigger'
  | 'order'
  | 'move'

type Described = { readonly shape: { readonly kind: { readonly value: string; meta(): unknown } } }

const rows = (faults: readonly Described[], place: FaultPlace): [string, FaultFacts][] =>
  faults.map(({ shape }) => {
    const { says } = shape.kind.meta() as { says: string }
    return [shape.kind.value, { place, says }]
  })

export type FaultFacts = { readonly place: FaultPlace; readonly says: string }

/** Every kind of fault, where it acts and what it does, in a few words. */
export const FAULT_FACTS = new Map<string, FaultFacts>([
  ...rows(REQUEST_FAULTS, 'request'),
  ...rows(SWITCHES, 'switch'),
  ...rows(ACCOUNT_FAULTS, 'account'),
  ...rows(MARKET_FAULTS, 'market'),
  ...rows(CONNECTION_FAULTS, 'connection'),
  ...rows(LISTEN_KEY_FAULTS, 'listen_key'),
  ...rows(TRIGGER_FAULTS, 'trigger'),
  ...rows(ORDER_FAULTS, 'order'),
  ...rows(MOVE_FAULTS, 'move'),
])

export const placeOf = (kind: FaultKind): FaultPlace => FAULT_FACTS.get(kind)!.place

const BY_TIME = ['at', 'every', 'once'] as const
const STEADY = ['always', 'at', 'every', 'once'] as const

/** The schedules that make sense for a kind, or null when all do. */
export const schedulesFor = (kind: FaultKind): readonly Schedule['kind'][] | null => {
  if (placeOf(kind) === 'listen_key' || placeOf(kind) === 'move') return BY_TIME
  if (kind === 'stream_down' || kind === 'outage') return STEADY
  if (kind === 'stream_life_ends' || placeOf(kind) === 'switch') return ['always']
  return null
}
