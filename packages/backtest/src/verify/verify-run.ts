import type { Message, TradingConfig } from '@tapedeck/contracts'
import { type ArchiveDamage, type ArchiveRun, readArchiveRun } from '../archive/index.ts'
import { type CarriedState, carriedState } from './carried-state.ts'
import { planConfigs } from './config-plan.ts'
import { RunVerifier } from './run-verifier.ts'
import { Tally, type TallyScope } from './tally.ts'
import type { RunReport } from './verify-report.ts'

export type VerifyRunOptions = {
  /** Taken instead of what was recorded beside the run. */
  readonly trading?: TradingConfig
  /** Only these are counted and shown; everything is computed all the same. Default: all. */
  readonly counts?: TallyScope['counts']
  /** Messages that were asked for by an id: shown with their inputs. Default: none. */
  readonly asked?: (message: Message) => boolean
  /** What the run before left, by its `onEnd`; read from the archive where left out. */
  readonly before?: CarriedState
  readonly onEnd?: (carried: CarriedState) => void
  /** Told now and then how many messages were verified. May return a promise, which is awaited. */
  readonly onProgress?: (messages: number) => void | Promise<void>
}

const PROGRESS_EVERY = 2_000

/**
 * Computes a recorded run again and compares: every decision of every service, bars and clocks, byte for
 * byte apart from when it was recorded and by whom. Memory is bounded. Damage ends what can be compared,
 * and is reported. Throws CONFIG_INVALID when no configuration is known.
 */
export const verifyRun = async (
  run: ArchiveRun,
  options: VerifyRunOptions = {},
): Promise<RunReport> => {
  const { trading, counts, asked, onProgress, onEnd } = options
  const tally = new Tally(run.runId, { counts: counts ?? (() => true), asked: asked ?? null })
  const onConfigDamage = (damage: ArchiveDamage): void => tally.damaged(damage)
  const plan = await planConfigs(run, trading ?? null, onConfigDamage)
  const before = options.before ?? (await carriedState(run, plan.risk[0]!.trading))
  const verifier = new RunVerifier(run.runId, plan, tally, before)
  const onDamage = (damage: ArchiveDamage): void => {
    tally.damaged(damage)
    verifier.loseTrack()
  }
  for await (const message of readArchiveRun(run, { onDamage })) {
    verifier.take(message)
    if (tally.messages % PROGRESS_EVERY === 0) await onProgress?.(tally.messages)
  }
  verifier.end()
  onEnd?.(verifier.carriedState())
  return tally.report()
}
