import { TapedeckError, hasCode } from '@tapedeck/contracts'
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

/** Null: only `auto` asked for it, and it cannot be had although the venue answers. */
const liveOrNull = async (
  context: IngestContext,
  symbol: string | undefined,
  previous: Parameters<typeof liveSource>[2],
): Promise<Source | null> => {
  try {
    return await liveSource(context, symbol, previous)
  } catch (error) {
    const mayPlayAnother = context.config.TAPEDECK_SOURCE === 'auto'
    if (!mayPlayAnother || !hasCode(error, 'UPSTREAM_UNAVAILABLE')) throw error
    context.logger.warn(
      { event: 'source_unavailable', err: error },
      'the live market cannot be had',
    )
    return null
  }
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
  const stored = await loadCheckpoint(context.db)
  const previous = { key: readPlayState(stored.state)?.key ?? null, runId: stored.runId }
  const isLive = wanted === 'live' || (wanted === 'auto' && (await isLiveReachable(context)))
  const live = isLive ? await liveOrNull(context, symbol, previous) : null
  logger.info({ event: 'source_chosen', wanted, live: live !== null }, 'market source chosen')
  const source = live ?? generatedSource(context, symbol, previous.key)
  return { source, speed: Infinity, lockstep: false }
}
