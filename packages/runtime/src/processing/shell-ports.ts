import type { Producer } from '@tapedeck/contracts'
import type { DeadLetter, ProcessingMetrics, ReaderPort, StorePort, TapePort } from './types.ts'

/** What the shell is given from outside. */
export interface ShellPorts<Tx> {
  readonly tape: TapePort
  readonly reader: ReaderPort
  readonly store: StorePort<Tx>
  readonly deadLetter: DeadLetter
  readonly metrics: ProcessingMetrics
  readonly log: (
    level: 'info' | 'warn' | 'error',
    event: string,
    fields: Record<string, unknown>,
  ) => void
  /** Wall clock in ms, for `recorded_at`, ages and the checkpoint's cadence only. */
  readonly now: () => number
  /** False when another instance may act in our place by now. Absent where nobody else ever does. */
  readonly mayAct?: () => boolean
  /** Called when the service cannot go on (its lease is gone). It has stopped reading by then. */
  readonly onFatal: (error: unknown) => void
}

export interface ShellOptions {
  readonly producer: Producer
  /** A checkpoint is due after this long or this many messages. */
  readonly checkpointMs: number
  readonly checkpointMessages: number
}
