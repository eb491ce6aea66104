import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { TapedeckError, TradingConfig, canonicalJson, instrumentsOf } from '@tapedeck/contracts'
import {
  BUILT_IN_STRATEGIES,
  checkStrategyDefinition,
  type StrategyDefinition,
} from '@tapedeck/core'
import { openBarFiles } from '../../bars/index.ts'
import { openTape } from '../../tape/index.ts'
import type { OpenData } from '../run-trial.ts'
import type { TrialStudy } from '../trial-job.ts'
import { placeOf, type DataCatalog } from './data-catalog.ts'

/** A module's contents, as a job names them. */
export const moduleHash = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')

/**
 * The bar strategy of a study: built in, or a module that must be the very same here. Throws
 * STRATEGY_INVALID, TRIAL_DATA_MISSING.
 */
export const studyStrategy = async ({
  strategy,
  module,
}: TrialStudy): Promise<StrategyDefinition> => {
  if (module !== null) {
    let found = ''
    try {
      found = moduleHash(module.path)
    } catch {
      // Said below.
    }
    if (found !== module.sha256) {
      throw new TapedeckError(
        'TRIAL_DATA_MISSING',
        `strategy ${module.path} ${found === '' ? 'is not here' : 'holds something else here'}`,
        { hint: 'Copy the module to the same path on every machine that works.' },
      )
    }
    const { default: made } = (await import(pathToFileURL(module.path).href)) as {
      default: unknown
    }
    return checkStrategyDefinition(made, module.path)
  }
  const definition = BUILT_IN_STRATEGIES.find(({ name }) => name === strategy)
  if (definition !== undefined) return definition
  throw new TapedeckError(
    'STRATEGY_INVALID',
    `there is no strategy ${strategy}; known are ${BUILT_IN_STRATEGIES.map(({ name }) => name).join(', ')}`,
  )
}

const openNow = async (study: TrialStudy, catalog: DataCatalog): Promise<OpenData> => {
  const { data } = study
  if (data.kind === 'tape') {
    return { kind: 'tape', tape: await openTape(placeOf(catalog, data.fingerprint).path) }
  }
  const files = data.files.map(({ fingerprint, symbol }) => {
    const { path } = placeOf(catalog, fingerprint)
    return symbol === null ? path : `${symbol}=${path}`
  })
  const instruments = instrumentsOf(TradingConfig.parse(study.trading))
  const bars = await openBarFiles({
    files,
    instruments,
    ...(data.venue === null ? {} : { venue: data.venue }),
  })
  return { kind: 'bars', bars, strategy: await studyStrategy(study) }
}

/** Opens data when it is first asked for, and keeps what was used last: trials of one study come together. */
export const dataOpener = (catalog: DataCatalog): ((study: TrialStudy) => Promise<OpenData>) => {
  let kept: { key: string; data: Promise<OpenData> } | null = null
  return async (study) => {
    const { data, strategy, module, trading } = study
    const key = canonicalJson({ data, strategy, module, instruments: trading.instruments })
    if (kept?.key !== key) kept = { key, data: openNow(study, catalog) }
    const { data: opening } = kept
    try {
      return await opening
    } catch (error) {
      kept = null
      throw error
    }
  }
}
