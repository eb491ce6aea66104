import type { ServiceDefinition } from '@tapedeck/runtime'
import { CONFIG, decides } from './config.ts'
import { MIGRATIONS, type Tables } from './migrations.ts'
import { chooseSource } from './playback/choose-source.ts'
import { Player } from './playback/player.ts'
import { routes } from './routes.ts'

/** Plays a market onto the tape. It reads nothing from it but what it needs to go on after a crash. */
export const ingestService: ServiceDefinition<typeof CONFIG, Tables> = {
  name: 'ingest',
  config: CONFIG,
  migrations: MIGRATIONS,
  decides,
  build: (context) => {
    let player: Player | null = null
    let playing: Promise<void> = Promise.resolve()
    const play = async (): Promise<void> => {
      try {
        const source = await chooseSource(context)
        if (source === null) return
        player = new Player(context, source.source, source.speed)
        await player.play(source.lockstep)
      } catch (error) {
        if (!context.stopping.aborted) context.fail(error)
      }
    }
    return {
      routes: () => routes(context, () => player?.status() ?? null),
      start: () => {
        playing = play()
        return Promise.resolve()
      },
      stop: async () => await playing,
    }
  },
}
