import { READS, type Message, type ReconciliationConfig } from '@tapedeck/contracts'
import {
  createReconcilerDecider,
  mergeSnapshots,
  type Json,
  type Reconciler,
  type VenueSnapshot,
} from '@tapedeck/core'
import type { VenueResult } from '@tapedeck/venue'
import type { MemoryTape } from './memory-tape.ts'
import { ProcessTime, type VirtualTime } from './virtual-time.ts'

const READ: ReadonlySet<string> = new Set(READS.reconciler)
/** As the service has it: how long a look holds up the tape, and the pause after one without an answer. */
const LOOK_MS_MAX = 5_000
const RETRY_MS = 200
const PAUSE_MS = 5_000
/** A question on the bus that nobody answers; execution may have died over it. */
const ASK_MS_MAX = 5_000
const NOBODY = { outcome: 'unknown', detail: 'nobody answers' } as const

export type ReconcilerHostOptions = {
  readonly time: VirtualTime
  readonly tape: MemoryTape
  readonly account: string
  readonly venue: string
  readonly reconciliation: ReconciliationConfig
  readonly look: (since: number) => Promise<VenueResult<VenueSnapshot>>
}

/** The reconciler service: asks execution for the venue's books when a look is due, and waits for them. */
export class ReconcilerHost {
  readonly #options: ReconcilerHostOptions
  #committed: { readonly snapshot: Json | undefined; readonly read: number } = {
    snapshot: undefined,
    read: 0,
  }
  #life: ProcessTime | null = null
  #reconciler: Reconciler | null = null
  #read = 0
  #looking = false
  #lookAgainAt = 0

  constructor(options: ReconcilerHostOptions) {
    this.#options = options
  }

  get isUp(): boolean {
    return this.#reconciler !== null
  }

  start(): void {
    const { time, account, venue, reconciliation } = this.#options
    this.#life = new ProcessTime(time)
    const { snapshot, read } = this.#committed
    this.#reconciler = createReconcilerDecider({ account, reconciliation, venue }, snapshot)
    this.#read = read
    this.#looking = false
    this.#lookAgainAt = 0
  }

  crash(): void {
    this.#life?.end()
    this.#life = null
    this.#reconciler = null
  }

  pump(): boolean {
    const { tape } = this.#options
    let any = false
    while (this.#reconciler !== null && !this.#looking && this.#read < tape.length) {
      const message = tape.messages[this.#read++]!
      if (!READ.has(message.type)) continue
      any = true
      this.#handle(message, this.#reconciler)
    }
    return any
  }

  #handle(message: Message, reconciler: Reconciler): void {
    const outputs = reconciler.handle(message)
    const due = reconciler.due()
    const now = this.#options.time.now()
    if (due === null || now < this.#lookAgainAt) {
      this.#commit(outputs, message, reconciler)
      return
    }
    this.#looking = true
    void this.#look(due.since, message, reconciler, outputs)
  }

  #commit(outputs: ReturnType<Reconciler['handle']>, message: Message, one: Reconciler): void {
    if (outputs.length === 0) return
    this.#committed = { snapshot: one.snapshot(), read: this.#read }
    this.#options.tape.append('reconciler', outputs, message)
  }

  async #look(
    since: number,
    message: Message,
    reconciler: Reconciler,
    outputs: ReturnType<Reconciler['handle']>,
  ): Promise<void> {
    const life = this.#life!
    const { time, look } = this.#options
    const until = time.now() + LOOK_MS_MAX
    for (;;) {
      const answer = await Promise.race([look(since), life.sleep(ASK_MS_MAX).then(() => NOBODY)])
      if (life.hasEnded) return
      if (answer.outcome === 'known') {
        const books = mergeSnapshots([answer.value])
        outputs.push(...reconciler.compare(books, message.occurred_at))
        break
      }
      if (time.now() > until) {
        this.#lookAgainAt = time.now() + PAUSE_MS
        break
      }
      await life.sleep(RETRY_MS)
    }
    this.#looking = false
    this.#commit(outputs, message, reconciler)
  }
}
