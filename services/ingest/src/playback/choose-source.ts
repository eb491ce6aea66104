import { TapedeckError } from '@tapedeck/contracts'
import { loadCheckpoint } from '@tapedeck/database'
import { generatedSource } from './generated-source.ts'
import { liveSource, isLiveReachable } from './live-source.ts'
import { readPlayState } from './play-state.ts'
import type { IngestContext } from './ingest-context.ts'
import { recordingSource } from './recording-source.ts'
import type { Source } from './source.ts'

export interface Chosen {
  readonly source: Source
  /** A factor of real time, Infinity for as fast as it goes. */
  readonly speed: number
  readonly lockstep: boolean
}

/** What the configuration asks to play; null for nothing. Throws SYMBOL_UNKNOWN, RECORDING_INVALID. */
export const chooseSource = async (context: IngestContext): Promise<Chosen | null> => {
  const { config, trading, logger } = context
  const { TAPEDECK_SOURCE: wanted, TAPEDECK_SOURCE_SYMBOL: symbol } = config
  if (wanted === 'none') return null
  if (wanted === 'recording') {
    if (config.TAPEDECK_SOURCE_FILES.length === 0)
      throw new TapedeckError('CONFIG_INVALID', 'TAPEDECK_SOURCE_FILES names no file', {
        hint: 'Name at least one recording as a JSON array of paths.',
      })
    return {
      source: await recordingSource(config.TAPEDECK_SOURCE_FILES, symbol, trading),
      speed: config.TAPEDECK_SOURCE_SPEED,
      lockstep: config.TAPEDECK_SOURCE_LOCKSTEP,
    }
  }
  const live = wanted === 'live' || (wanted === 'auto' && (await isLiveReachable(context)))
  logger.info({ event: 'source_chosen', wanted, live }, 'market source chosen')
  const stored = await loadCheckpoint(context.db)
  const previous = { key: readPlayState(stored.state)?.key ?? null, runId: stored.runId }
  const source = live
    ? await liveSource(context, symbol, previous)
    : generatedSource(context, symbol, previous.key)
  return { source, speed: Infinity, lockstep: false }
}
