/**
 * The message loops that every service is run by.
 *
 * Entry points: `Shell` (a brain over the tape), `Sealer` (outputs to envelopes), `Baton` (lockstep).
 * Invariants: docs/architecture/processing.md.
 */
export { type Advanced, Baton, batonSubject } from './baton.ts'
export { Gate } from './gate.ts'
export { type OwnTail, type Recovered, ownTail, recover } from './recover.ts'
export { Sealer } from './sealer.ts'
export type { Waiting } from './publisher.ts'
export type { ShellOptions, ShellPorts } from './shell-ports.ts'
export { Shell } from './shell.ts'
export type {
  Brain,
  Checkpoint,
  DeadLetter,
  Effects,
  Handled,
  OutboxRecord,
  OutputObserver,
  Processing,
  ProcessingMetrics,
  RawMessage,
  ReaderPort,
  Sealed,
  StorePort,
  TapePort,
  TapeRecord,
} from './types.ts'
