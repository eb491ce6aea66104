import { SERVICES } from '@tapedeck/contracts'
import { until } from '@tapedeck/test-data'
import type { Moment } from './chosen-moments.ts'
import { type Outcome, finish } from './finish.ts'
import { type PlayOptions, type Playing, startPlaying } from './start-playing.ts'
import { watchTape } from './watch-tape.ts'

/** Something that is done to the stack when its tape reaches a place. Says what it was. */
export interface Blow extends Moment {
  readonly strike: (playing: Playing) => Promise<string> | string
}

export interface Survived {
  readonly playing: Playing
  readonly outcome: Outcome
  /** What was done, and where on the tape. */
  readonly log: readonly string[]
}

/** Who was struck last is started again, or nobody would stop it in order. */
const allUp = async ({ stack }: Playing, split: boolean): Promise<void> => {
  const isUp = async (): Promise<boolean> => {
    const pids = SERVICES.map((service) => stack.services.pid(service))
    if (pids.includes(null)) return false
    const lives = await Promise.allSettled(
      Object.values(stack.urls).map(async (url) => (await fetch(`${url}/live`)).ok),
    )
    return lives.every((life) => life.status === 'fulfilled' && life.value)
  }
  if (split) await until(isUp, { what: 'every service is up', everyMs: 100 })
}

/**
 * Plays, strikes as the tape passes each place (in order of the tape; each when the one before is
 * done), and returns what was left behind. `atTheEnd` looks at the stack before it is stopped. The
 * caller removes the folder.
 */
export const playWithBlows = async (
  options: PlayOptions,
  blows: readonly Blow[],
  atTheEnd: (playing: Playing) => Promise<void> = async () => {},
): Promise<Survived> => {
  const playing = await startPlaying(options)
  const log: string[] = []
  let next = 0
  let striking = Promise.resolve()
  const strike = async ({ seq, type, strike: act }: Blow): Promise<void> => {
    log.push(`${seq} (${type}) ${await act(playing)}`)
  }
  const stop = await watchTape(playing.stack, ({ seq }) => {
    for (; next < blows.length && seq >= blows[next]!.seq; next++) {
      const blow = blows[next]!
      striking = striking.then(async () => await strike(blow))
      // Awaited at the end of the run.
      striking.catch(() => {})
    }
  })
  try {
    await playing.ended()
    // The tape is shown to us beside the services, which may be done with it first.
    await until(() => next === blows.length, { what: 'the tape has passed every place' })
    await striking
    await stop()
    await allUp(playing, options.split ?? false)
    await atTheEnd(playing)
    return { playing, outcome: await finish(playing), log }
  } catch (error) {
    await stop()
    await playing.stack.stop()
    playing.remove()
    throw error
  }
}
