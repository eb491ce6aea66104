import { DECIDES, type Message, READS, type TradingConfig, isType } from '@tapedeck/contracts'
import {
  type Json,
  type Reconciler,
  type SymbolsByVenue,
  type VenueSnapshot,
  createReconcilerDecider,
  fromVenueSeen,
  lookAtBooks,
  symbolsByVenue,
} from '@tapedeck/core'
import type { ArchivedMessage } from '../archive/index.ts'
import { type HandledCause, type ServiceCheck, causeOf } from './service-check.ts'

type Handled = { readonly message: Message; readonly cause: HandledCause }

/**
 * The reconciler, whose looks at the venue are not on the tape before it tells of them. What it reads
 * waits here from the moment a look is due until the record says what the venue had answered.
 *
 * A recording in lockstep leaves no choice: the paper venue is execution, which at that point had handled
 * everything that lay on the tape before what the reconciler's turn appended. So the answer is computed,
 * and the recorded one compared with it. Elsewhere the recorded answer is taken as an input.
 */
export class ReconcilerCheck {
  readonly #check: ServiceCheck
  readonly #books: () => VenueSnapshot
  #decider: Reconciler
  #symbols: SymbolsByVenue = {}
  #lockstep = false
  /** Read and not handled yet; the first is the one that a look is due at. */
  #waiting: Handled[] = []
  #looking = false
  /** Recorded since the look was due; the last of them says what the venue answered. */
  #told: ArchivedMessage[] = []
  #venue: VenueSnapshot | null = null
  #lastTold = 0

  /** `books`: the paper venue's, as recomputed so far. */
  constructor(check: ServiceCheck, trading: TradingConfig, books: () => VenueSnapshot) {
    this.#check = check
    this.#books = books
    this.#decider = createReconcilerDecider(DECIDES.reconciler(trading))
  }

  /** Goes on with another configuration, as a service does that was started again with it. */
  reconfigure(trading: TradingConfig): void {
    this.#decider = createReconcilerDecider(DECIDES.reconciler(trading), this.snapshot())
  }

  snapshot(): Json {
    return this.#decider.snapshot()
  }

  read(archived: ArchivedMessage): void {
    const { message } = archived
    if (this.#check.isBlind || !READS.reconciler.some((type) => type === message.type)) return
    this.#waiting.push({ message, cause: causeOf(archived) })
    if (!this.#looking) this.#goOn(true)
  }

  recorded(recorded: ArchivedMessage): void {
    if (!this.#looking || this.#check.isBlind) {
      this.#lastTold = recorded.tapeSeq
      return this.#check.recorded(recorded)
    }
    // What one turn appended lies together; all of its looks saw the same books.
    if (this.#venue === null || recorded.tapeSeq !== this.#lastTold + 1) this.#venue = this.#books()
    this.#lastTold = recorded.tapeSeq
    this.#told.push(recorded)
    if (isType(recorded.message, 'reconciler.run.completed')) this.#answer(recorded.message)
  }

  /** The record is over. */
  end(finished: boolean): void {
    if (this.#looking && finished && this.#lockstep) {
      this.#venue = this.#books()
      this.#compare(this.#waiting[0]!, this.#venue)
    }
    this.#release()
    this.#check.end(finished)
  }

  #answer(completed: Message<'reconciler.run.completed'>): void {
    const at = this.#waiting.findIndex(({ cause }) => cause.event_id === completed.causation_id)
    // A venue that does not answer leaves the look due; in lockstep it is asked until it does.
    const skip = this.#lockstep || at === -1 ? 0 : at
    for (let i = 0; i < skip; i++) {
      this.#waiting.shift()
      const next = this.#waiting[0]!
      this.#handle(next)
      if (this.#check.isBlind) return
    }
    const { seen } = completed.payload
    const theirs = this.#lockstep ? this.#venue : seen === null ? null : fromVenueSeen(seen)
    const due = this.#waiting[0]!
    if (theirs === null) {
      this.#check.giveUp('VENUE_NOT_RECORDED')
      this.#release()
      return
    }
    this.#compare(due, theirs)
    this.#release()
    this.#waiting.shift()
    this.#goOn(true)
  }

  #release(): void {
    const told = this.#told
    this.#told = []
    this.#looking = false
    for (const one of told) this.#check.recorded(one)
  }

  #compare({ message, cause }: Handled, theirs: VenueSnapshot): void {
    const due = this.#decider.due()
    if (due === null) return
    const seen = this.#lockstep ? lookAtBooks(theirs, this.#symbols, due.since) : theirs
    try {
      this.#check.computed(this.#decider.compare(seen, message.occurred_at), cause)
    } catch (error) {
      this.#check.fail(error, cause)
    }
  }

  /** Handles what waits until a look is due. */
  #goOn(fresh: boolean): void {
    for (let isNew = fresh; this.#waiting.length > 0 && isNew;) {
      const next = this.#waiting[0]!
      this.#handle(next)
      if (this.#check.isBlind) {
        this.#waiting = []
        return
      }
      isNew = this.#decider.due() === null
      if (isNew) this.#waiting.shift()
      else this.#looking = true
    }
  }

  #handle({ message, cause }: Handled): void {
    if (isType(message, 'market.run.started')) {
      const { kind, lockstep } = message.payload
      this.#lockstep = kind === 'recording' && lockstep
      this.#symbols = symbolsByVenue(message.payload)
    }
    try {
      this.#check.computed(this.#decider.handle(message), cause)
    } catch (error) {
      this.#check.fail(error, cause)
    }
  }
}
