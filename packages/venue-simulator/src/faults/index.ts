/**
 * What goes wrong at a venue, as data: which fault, on what, when, by a seed.
 *
 * Entry points: `FaultPlan` (what is to go wrong), `VenueFaults` (where the layers of the venue ask).
 * Invariant: the same plan and the same requests at the same times meet the same faults.
 */
export type {
  CancelAct,
  ConnectionAct,
  ConnectionFacts,
  EnteringOrder,
  EntryAct,
  ExchangeFaults,
  Outgoing,
  Payload,
  RequestFaults,
  Route,
  StreamFaults,
  TriggerAct,
  TriggeredOrder,
  VenueFaults,
  VenueMove,
} from './fault-hooks.ts'
export { Fault, type FaultKind, type FaultOf } from './fault.ts'
export {
  FaultPlan,
  type PlannedFault,
  type RequestClass,
  type Schedule,
  type Target,
} from './fault-plan.ts'
