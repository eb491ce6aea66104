import type { TapeReading } from '@tapedeck/bus'
import { TAPE_PREFIX, hasCode } from '@tapedeck/contracts'
import type { Context } from '../context.ts'
import { PICTURE_TYPES, type Picture } from './picture.ts'

const SUBJECTS = PICTURE_TYPES.map((type) => `${TAPE_PREFIX}.${type}.>`)
const RETRY_MS = 1_000

/** Keeps a picture current by reading the tape from the start of its last run, for as long as the service runs. */
export class PictureReader {
  readonly #context: Context
  readonly #picture: Picture
  #reading: TapeReading | null = null
  #running: Promise<void> = Promise.resolve()

  constructor(context: Context, picture: Picture) {
    this.#context = context
    this.#picture = picture
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    await this.#reading?.stop()
    await this.#running
  }

  /** How far the picture has got, given where the tape ends; null before the first reading. */
  position(lastSeq: number): number | null {
    if (this.#reading === null) return null
    return this.#reading.caughtUp() ? lastSeq : Math.min(lastSeq, this.#reading.position())
  }

  async #run(): Promise<void> {
    const { stopping, clock, logger } = this.#context
    let from: number | null = null
    while (!stopping.aborted) {
      try {
        await this.#readFrom(from ?? (await this.#startOfRun()))
        from = null
      } catch (error) {
        if (stopping.aborted) return
        logger.warn(
          { event: 'picture_read_anew', err: error },
          'the tape is read anew for the status',
        )
        const first = hasCode(error, 'TAPE_FORGOTTEN') ? error.details['firstSeq'] : null
        from = typeof first === 'number' ? first - 1 : null
        await clock.sleep(RETRY_MS, stopping)
      }
    }
  }

  /** Nothing before it matters: a run begins the picture anew. */
  async #startOfRun(): Promise<number> {
    const run = await this.#context.bus.tape.lastOf(`${TAPE_PREFIX}.market.run.started.run`)
    return run === null ? 0 : run.seq - 1
  }

  async #readFrom(after: number): Promise<void> {
    const { stopping, bus } = this.#context
    if (stopping.aborted) return
    this.#reading = bus.tape.read({
      after,
      subjects: SUBJECTS,
      onBatch: (batch) => {
        for (const raw of batch) this.#picture.note(raw)
        return Promise.resolve()
      },
    })
    await this.#reading.finished
  }
}
