/**
 * What goes wrong at a venue, as data: which fault, on what, when, by a seed.
 *
 * Entry points: `parseFaultPlan`, `presetPlan` (what is to go wrong), `FaultEngine` (makes it), `VenueFaults`
 * (where the layers of the venue ask).
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
  REQUEST_CLASSES,
  type FaultPlanInput,
  type PlannedFault,
  type PlannedFaultInput,
  type RequestClass,
  type Schedule,
  type Target,
} from './fault-plan.ts'
export { FaultEngine, type SavedFaults, type StandingFault } from './fault-engine.ts'
export { FAULT_FACTS, schedulesFor, type FaultFacts, type FaultPlace } from './fault-place.ts'
export { FAULT_PRESETS, presetPlan } from './fault-presets.ts'
export { checkFaultPlan, parseFaultPlan, parsePlannedFault } from './parse-fault-plan.ts'
