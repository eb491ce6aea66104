import type { VenueSnapshot } from '@tapedeck/core'
import { Secret, createBinanceVenue, type BinanceVenue, type VenueResult } from '@tapedeck/venue'
import { API_KEY, API_SECRET } from './account.ts'
import type { ExecutionHostOptions } from './execution-host-options.ts'
import { ExecutionProcess, type Committed } from './execution-process.ts'
import { REST_URL, STREAM_URL } from './in-process-network.ts'
import { VENUE } from './instruments.ts'
import { LeaseDesk } from './lease-desk.ts'
import { SendFence } from './send-fence.ts'
import { ProcessTime } from './virtual-time.ts'

/** How often one that waits for the lease tries to take it. */
const TAKE_EVERY_MS = 500

type Ready = {
  readonly life: ProcessTime
  readonly venue: BinanceVenue
  readonly fence: SendFence
}

/**
 * The execution service of an account: the process that holds its lease, and those that think they do. A crash
 * takes all that is in memory; requests that are on their way arrive all the same.
 */
export class ExecutionHost {
  readonly #options: ExecutionHostOptions
  readonly #committed: Committed = { snapshot: undefined, read: 0, reported: new Set() }
  readonly #lease = new LeaseDesk()
  #current: ExecutionProcess | null = null
  /** Paused, and another has its lease. */
  readonly #stale = new Set<ExecutionProcess>()
  readonly #ready: Ready[] = []

  constructor(options: ExecutionHostOptions) {
    this.#options = options
  }

  get isUp(): boolean {
    return this.#current?.isRunning === true
  }

  get inHand(): number {
    return this.#current?.inHand ?? 0
  }

  get isCaughtUp(): boolean {
    return this.#current?.isCaughtUp === true
  }

  /**
   * Makes the adapters for so many starts. Loading a library takes time of the machine, which must not
   * pass while virtual time does.
   */
  async prepare(starts: number): Promise<void> {
    const { time, network, random, log } = this.#options
    for (let made = 0; made < starts; made++) {
      const life = new ProcessTime(time)
      const fence = new SendFence(() => life.now())
      const venue = await createBinanceVenue({
        network: { restUrl: REST_URL, streamUrl: STREAM_URL },
        credentials: { apiKey: new Secret(API_KEY), secret: new Secret(API_SECRET) },
        venue: VENUE,
        fetch: fence.around(network.fetchOf(life)),
        openLink: network.openLinkOf(life),
        clock: life,
        random: () => random.next(),
        log,
      })
      this.#ready.push({ life, venue, fence })
    }
  }

  /** A new process, once the lease is free. */
  start(): void {
    const epoch = this.#lease.take(this.#options.time.now())
    if (epoch === null) {
      this.#options.time.after(TAKE_EVERY_MS, () => this.start())
      return
    }
    const ready = this.#ready.shift()
    if (ready === undefined) throw new Error('more starts than were prepared')
    this.#current = new ExecutionProcess(this.#options, {
      ...ready,
      epoch,
      committed: this.#committed,
      lease: this.#lease,
    })
    this.#current.start()
  }

  /** Handles what the tape holds. True when there was something. */
  pump(): boolean {
    let any = this.#current?.pump() === true
    for (const process of this.#stale) any = process.pump() || any
    return any
  }

  /** The process is gone, and its lease is free at once. */
  crash(): void {
    this.#current?.end()
    this.#current = null
    this.#lease.release()
  }

  /** The process stands still for a while. Another takes over once its lease has ended. */
  pause(forMs: number): void {
    const { time } = this.#options
    const paused = this.#current
    if (paused === null) return
    paused.life.pause()
    const takeOver = (): void => {
      if (!paused.life.isPaused || paused !== this.#current) return
      if (!this.#lease.isFree(time.now())) return void time.after(TAKE_EVERY_MS, takeOver)
      this.#stale.add(paused)
      this.#options.traffic.forget(paused.life)
      this.start()
    }
    time.after(TAKE_EVERY_MS, takeOver)
    time.after(forMs, () => paused.life.resume())
  }

  /** Everything ends. */
  end(): void {
    for (const process of this.#stale) process.end()
    this.crash()
  }

  /** What the reconciler is told when it asks. */
  async look(since: number): Promise<VenueResult<VenueSnapshot>> {
    return (await this.#current?.look(since)) ?? { outcome: 'unknown', detail: 'nobody answers' }
  }
}
