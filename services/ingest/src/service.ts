import { hasCode } from '@tapedeck/contracts'
import type { ServiceDefinition } from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import { METRICS } from './metrics.ts'
import { MIGRATIONS, type Tables } from './migrations.ts'
import { type Chosen, chooseSource } from './playback/choose-source.ts'
import type { IngestContext } from './playback/ingest-context.ts'
import type { PlayStatus } from './playback/play-status.ts'
import { Player } from './playback/player.ts'
import { routes } from './routes.ts'

const CANNOT_PLAY = ['RECORDING_INVALID', 'SYMBOL_UNKNOWN', 'CONFIG_INVALID'] as const

const idle = (reason: string | null): PlayStatus => ({
  phase: reason === null ? 'idle' : 'failed',
  kind: null,
  source: null,
  run_id: null,
  market_time: null,
  events: 0,
  reason,
  counts: {},
})

/** Between attempts to have a live market that cannot be had now. */
const AGAIN_MS = 3_000

/**
 * The source, once it can be had: a network comes back, and maintenance is over. What else keeps it from
 * being played keeps it for good.
 */
const chooseInTime = async (context: IngestContext): Promise<Chosen | null> => {
  const { health, logger, clock, stopping } = context
  for (let isWaiting = false; ; isWaiting = true) {
    try {
      const chosen = await chooseSource(context)
      if (isWaiting) health.set('source', true, 'the market can be had again')
      return chosen
    } catch (error) {
      if (stopping.aborted || !hasCode(error, 'UPSTREAM_UNAVAILABLE')) throw error
      health.set('source', false, error.message)
      logger.warn({ event: 'source_unavailable', err: error }, 'the market cannot be had yet')
    }
    await clock.sleep(AGAIN_MS, stopping)
    stopping.throwIfAborted()
  }
}

/** Plays a market onto the tape. It reads nothing from it but what it needs to go on after a crash. */
export const ingestService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'ingest',
  config: CONFIG,
  migrations: MIGRATIONS,
  metrics: METRICS,
  decides,
  build: (context) => {
    let player: Player | null = null
    let unplayable: string | null = null
    let playing: Promise<void> = Promise.resolve()
    const play = async (): Promise<void> => {
      try {
        const source = await chooseInTime(context)
        if (source === null) return
        player = new Player(context, source.source, source.speed)
        await player.play(source.lockstep)
      } catch (error) {
        if (context.stopping.aborted) return
        // A source that cannot be played is told, and the rest goes on: nobody is helped by a crash loop.
        if (!CANNOT_PLAY.some((code) => hasCode(error, code))) return context.fail(error)
        unplayable = (error as Error).message
        context.health.set('source', false, unplayable)
        context.logger.error(
          { event: 'source_unplayable', err: error },
          'the source cannot be played',
        )
      }
    }
    return {
      routes: () => routes(context, () => player?.status() ?? idle(unplayable)),
      start: () => {
        playing = play()
        return Promise.resolve()
      },
      stop: async () => await playing,
    }
  },
}
