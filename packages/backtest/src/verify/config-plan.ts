import {
  DECIDES,
  LOCKSTEP_ORDER,
  MESSAGES,
  TapedeckError,
  type TradingConfig,
  configHash,
} from '@tapedeck/contracts'
import { type ArchiveRun, readArchiveRun, recordedConfigs } from '../archive/index.ts'
import type { ArchiveDamage } from '../archive/index.ts'
import type { SeatName } from '../engine/seats.ts'

/** By which configuration a service decided, from the message on that made its first output under it. */
export type ConfigStep = { readonly from: string | null; readonly trading: TradingConfig }
export type ConfigPlan = Readonly<Record<SeatName, readonly ConfigStep[]>>

const everywhere = (trading: TradingConfig): ConfigPlan =>
  Object.fromEntries(LOCKSTEP_ORDER.map((name) => [name, [{ from: null, trading }]])) as Record<
    SeatName,
    ConfigStep[]
  >

const fitting = (
  name: SeatName,
  hash: string,
  configs: readonly TradingConfig[],
): TradingConfig | undefined =>
  configs.find((trading) => configHash(DECIDES[name](trading)) === hash)

/** Reads the run once for which service changed its configuration, and where. */
const walk = async (run: ArchiveRun, configs: readonly TradingConfig[]): Promise<ConfigPlan> => {
  const steps = Object.fromEntries(
    LOCKSTEP_ORDER.map((name): [SeatName, ConfigStep[]] => [name, []]),
  ) as Record<SeatName, ConfigStep[]>
  const last = new Map<SeatName, string>()
  for await (const { message } of readArchiveRun(run, { onDamage: () => {} })) {
    const { publisher } = MESSAGES[message.type]
    if (publisher === 'ingest' || publisher === 'gateway') continue
    const { config_hash: hash } = message.producer
    if (last.get(publisher) === hash || message.causation_id === null) continue
    last.set(publisher, hash)
    const trading = fitting(publisher, hash, configs)
    const before = steps[publisher].at(-1)
    if (trading !== undefined && trading !== before?.trading)
      steps[publisher].push({ from: before === undefined ? null : message.causation_id, trading })
  }
  const first = { from: null, trading: configs[0]! }
  for (const name of LOCKSTEP_ORDER) if (steps[name].length === 0) steps[name].push(first)
  return steps
}

/**
 * The configuration that each service decided by: `given` for all of it, or what lies beside the run.
 * Throws CONFIG_INVALID when there is neither.
 */
export const planConfigs = async (
  run: ArchiveRun,
  given: TradingConfig | null,
  onDamage: (damage: ArchiveDamage) => void,
): Promise<ConfigPlan> => {
  if (given !== null) return everywhere(given)
  const configs = recordedConfigs(run, onDamage).map(({ trading }) => trading)
  if (configs.length > 1) return await walk(run, configs)
  const only = configs[0]
  if (only === undefined)
    throw new TapedeckError(
      'CONFIG_INVALID',
      `no readable configuration lies beside run ${run.runId} in ${run.folder}`,
      { hint: 'Name the trading configuration that it ran with: --config <file>.' },
    )
  return everywhere(only)
}
