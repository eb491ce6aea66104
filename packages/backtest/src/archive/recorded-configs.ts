import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TradingConfig, shortHash } from '@tapedeck/contracts'
import { type ArchiveDamage, archiveDamaged } from './archive-damage.ts'
import type { ArchiveRun } from './archive-run.ts'

/** A trading configuration that a run was decided by, with the hash that names it. */
export type RecordedConfig = { readonly hash: string; readonly trading: TradingConfig }

const CONFIG = /^config-([0-9a-f]{16})\.json$/

const readOne = (file: string, hash: string): TradingConfig | string => {
  let value: unknown
  try {
    const text = readFileSync(file, 'utf8')
    if (shortHash(text) !== hash) return `its content has the hash ${shortHash(text)}`
    value = JSON.parse(text)
  } catch (error) {
    return String(error)
  }
  const parsed = TradingConfig.safeParse(value)
  return parsed.success ? parsed.data : `this version cannot read it: ${parsed.error.message}`
}

/**
 * The configurations that lie beside a run, one for each that the journal ran with. One that is not
 * what its name says is damage: told to `onDamage` and left out, or thrown as ARCHIVE_DAMAGED.
 */
export const recordedConfigs = (
  run: ArchiveRun,
  onDamage: (damage: ArchiveDamage) => void = (damage) => {
    throw archiveDamaged(damage)
  },
): RecordedConfig[] =>
  readdirSync(run.folder)
    .toSorted()
    .flatMap((name) => {
      const hash = CONFIG.exec(name)?.[1]
      if (hash === undefined) return []
      const file = join(run.folder, name)
      const trading = readOne(file, hash)
      if (typeof trading !== 'string') return [{ hash, trading }]
      onDamage({
        kind: 'CONFIG_DAMAGED',
        run_id: run.runId,
        file,
        offset: null,
        from_seq: null,
        to_seq: null,
        what: trading,
      })
      return []
    })
