import { z } from 'zod'
import { MOVE_FAULTS, ORDER_FAULTS } from './exchange-fault.ts'
import { REQUEST_FAULTS } from './request-fault.ts'
import { ACCOUNT_FAULTS, CONNECTION_FAULTS, MARKET_FAULTS } from './stream-fault.ts'

/** One thing that goes wrong, with how. Read from files, hence in snake case. */
export const Fault = z.discriminatedUnion('kind', [
  ...REQUEST_FAULTS,
  ...ACCOUNT_FAULTS,
  ...MARKET_FAULTS,
  ...CONNECTION_FAULTS,
  ...ORDER_FAULTS,
  ...MOVE_FAULTS,
])
export type Fault = z.output<typeof Fault>
export type FaultKind = Fault['kind']

/** A fault of one kind, or of one of several. */
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>
