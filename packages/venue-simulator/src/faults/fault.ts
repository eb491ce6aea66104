import { z } from 'zod'
import { MOVE_FAULTS, ORDER_FAULTS, TRIGGER_FAULTS } from './exchange-fault.ts'
import { REQUEST_FAULTS, SWITCHES } from './request-fault.ts'
import {
  ACCOUNT_FAULTS,
  CONNECTION_FAULTS,
  LISTEN_KEY_FAULTS,
  MARKET_FAULTS,
} from './stream-fault.ts'

/** One thing that goes wrong, with how. Read from files, hence in snake case. */
export const Fault = z.discriminatedUnion('kind', [
  ...REQUEST_FAULTS,
  ...SWITCHES,
  ...ACCOUNT_FAULTS,
  ...MARKET_FAULTS,
  ...CONNECTION_FAULTS,
  ...LISTEN_KEY_FAULTS,
  ...TRIGGER_FAULTS,
  ...ORDER_FAULTS,
  ...MOVE_FAULTS,
])
export type Fault = z.output<typeof Fault>
export type FaultKind = Fault['kind']

/** A fault of one kind, or of one of several. */
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>

/** The faults that act at one place. */
export type RequestFault = z.output<(typeof REQUEST_FAULTS)[number]>
export type SwitchFault = z.output<(typeof SWITCHES)[number]>
export type AccountFault = z.output<(typeof ACCOUNT_FAULTS)[number]>
export type MarketFault = z.output<(typeof MARKET_FAULTS)[number]>
export type ConnectionFault = z.output<(typeof CONNECTION_FAULTS)[number]>
export type TriggerFault = z.output<(typeof TRIGGER_FAULTS)[number]>
export type OrderFault = z.output<(typeof ORDER_FAULTS)[number]>
export type MoveFault = z.output<(typeof MOVE_FAULTS)[number]>
