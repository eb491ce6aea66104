import type { Trial } from './draw-trial.ts'
import type { ExecutionHost } from './execution-host.ts'
import type { ReconcilerHost } from './reconciler-host.ts'
import type { VirtualTime } from './virtual-time.ts'

export type OutageParts = {
  readonly time: VirtualTime
  readonly execution: ExecutionHost
  readonly reconciler: ReconcilerHost
  /** The trade was carried out: nothing more is to go wrong. */
  readonly isOver: () => boolean
  readonly line: (text: string) => void
  readonly onStruck: (kind: string) => void
}

/** Processes that die, or stand still, as a trial was drawn. */
export const scheduleOutages = (trial: Trial, parts: OutageParts): void => {
  const { time, execution, reconciler, isOver, line, onStruck } = parts
  for (const { at, downMs } of trial.executionCrashes)
    time.after(at, () => {
      if (!execution.isUp || isOver()) return
      line('execution crashes')
      onStruck('execution_crash')
      execution.crash()
      time.after(downMs, () => {
        line('execution starts again')
        execution.start()
      })
    })
  for (const { at, downMs } of trial.executionPauses)
    time.after(at, () => {
      if (!execution.isUp || isOver()) return
      line(`execution stands still for ${downMs} ms`)
      onStruck('execution_pause')
      execution.pause(downMs)
    })
  for (const { at, downMs } of trial.reconcilerCrashes)
    time.after(at, () => {
      if (!reconciler.isUp || isOver()) return
      line('the reconciler crashes')
      onStruck('reconciler_crash')
      reconciler.crash()
      time.after(downMs, () => reconciler.start())
    })
}
