import { type Output, hasCode } from '@tapedeck/contracts'
import {
  LOCKSTEP_STEP_EVENTS,
  type Json,
  type MarketEvent,
  MarketComposer,
  runEnded,
  runStarted,
} from '@tapedeck/core'
import { type OwnTail, type Sealed, Sealer, ownTail, retryForever } from '@tapedeck/runtime'
import { MarketStore } from '../market-store.ts'
import { FeedMeter } from '../metrics.ts'
import type { IngestContext } from './ingest-context.ts'
import { BatonRound, releaseServices } from './baton-round.ts'
import { inPieces } from './in-pieces.ts'
import { Pacer } from './pacer.ts'
import { type PlayState, writePlayState } from './play-state.ts'
import type { PlayStatus } from './play-status.ts'
import { rebuildComposer } from './rebuild-composer.ts'
import { resumePlay } from './resume-play.ts'
import type { Source } from './source.ts'

const CHECKPOINT_MS = 1_000
/** A market within this of the wall clock is in real time. */
const BEHIND_MS = 2_000
/** Trades that may wait to be stored; about a quarter of a second at full speed. */
const WAITING_MAX = 50_000

/**
 * Plays a source onto the tape: composes, appends, stores, and in lockstep passes the baton. What a crash
 * cut off is played again from the checkpoint; what the tape holds already is not appended twice.
 */
export class Player {
  readonly #context: IngestContext
  readonly #source: Source
  readonly #store: MarketStore
  readonly #pacer: Pacer
  readonly #meter: FeedMeter
  #composer: MarketComposer
  #sealer!: Sealer
  #own: OwnTail = { seq: 0, tapeSeq: 0 }
  #state!: PlayState
  #baton: BatonRound | null = null
  #savedAt = 0
  #saving: Promise<void> | null = null
  /** Appends that are under way; each is done when those before it are. */
  #arriving: Promise<void> = Promise.resolve()
  /** Inside a piece of the source: the composer has taken all of it, the tape not yet. */
  #isInside = false
  /** The end was played, and everything up to it is stored: whoever asks for it gets all. */
  #isOver = false

  constructor(context: IngestContext, source: Source, speed: number) {
    this.#context = context
    this.#source = source
    this.#store = new MarketStore(context.db)
    this.#pacer = new Pacer(speed, context.clock)
    this.#meter = new FeedMeter(context.metrics, context.clock)
    this.#meter.begin(source.instruments)
    this.#composer = this.#newComposer(undefined)
  }

  status(): PlayStatus {
    const { kind, label, runId } = this.#source
    const failure = this.#state?.failure ?? null
    return {
      phase: this.#isOver ? (failure === null ? 'ended' : 'failed') : 'playing',
      kind,
      source: label,
      run_id: runId,
      market_time: this.#composer.marketTime,
      events: this.#state?.events ?? 0,
      reason: failure,
      counts: this.#composer.counts(),
    }
  }

  /** Goes on where the checkpoint stands, or begins the run. Returns at the end of the source or at a stop. */
  async play(lockstep: boolean): Promise<void> {
    const { bus, clock, stopping } = this.#context
    await this.#recover(lockstep)
    if (this.#hasEnded) {
      this.#isOver = true
      return
    }
    const catchesUp = this.#source.realTime && this.#source.repeatable
    if (this.#state.lockstep || catchesUp) {
      const end = await bus.tape.lastSeq()
      this.#baton = new BatonRound(bus, { after: this.#state.settled, end }, stopping)
    } else this.#release()
    try {
      if (this.#state.phase === 'new') await this.#begin()
      if (catchesUp) await this.#baton?.hold(true)
      const ended = await this.#run()
      if (ended) await this.#end(null)
    } catch (error) {
      if (stopping.aborted) return
      if (!hasCode(error, 'RECORDING_INVALID')) throw error
      await this.#end(error.message)
    } finally {
      await this.#saving
      const hasArrived = await this.#arriving.then(
        () => true,
        () => false,
      )
      // What a stop cut off in the middle of a piece is played again from the mark before it.
      if (this.#state.phase !== 'new' && !this.#isInside && hasArrived) await this.#save()
      this.#isOver = this.#hasEnded
      await this.#baton?.stop()
      this.#savedAt = clock.monotonic()
    }
  }

  get #hasEnded(): boolean {
    return this.#state.phase === 'ended'
  }

  #newComposer(snapshot: Json | undefined): MarketComposer {
    return new MarketComposer(
      {
        stepEvents: LOCKSTEP_STEP_EVENTS,
        ...this.#source.composer,
        instruments: this.#source.instruments,
      },
      snapshot,
    )
  }

  async #recover(lockstep: boolean): Promise<void> {
    const { bus, producer, clock } = this.#context
    this.#own = await ownTail('ingest', bus.tape)
    const { goesOn, state, nextSeq, tapeSeq } = await resumePlay(this.#context, this.#source, {
      lockstep,
      ownSeq: this.#own.seq,
    })
    this.#state = state
    this.#sealer = new Sealer(producer, nextSeq, () => clock.now())
    this.#composer = this.#newComposer(state.composer ?? undefined)
    if (goesOn && !this.#source.repeatable)
      await rebuildComposer(bus, this.#composer, {
        after: tapeSeq,
        last: this.#own.tapeSeq,
        // It was not stored: rows go in with the checkpoint.
        onMessage: (message) => this.#store.note({ seq: message.seq, message }),
      })
  }

  async #begin(): Promise<void> {
    const { kind, label, runId, instruments } = this.#source
    // The first mark is there before the first message, so a crash in between is met by the same start.
    await this.#save()
    await this.#append([
      runStarted(runId, {
        kind,
        source: label,
        instruments: [...instruments],
        lockstep: this.#baton !== null,
      }),
    ])
    this.#state = { ...this.#state, phase: 'playing' }
    await this.#settle()
  }

  /** What an earlier run in lockstep still holds back. In the background: a service may be down. */
  #release(): void {
    const { bus, stopping, logger } = this.#context
    releaseServices(bus, stopping).catch((error: unknown) => {
      if (!stopping.aborted)
        logger.warn({ event: 'release_failed', err: error }, 'services could not be released')
    })
  }

  async #run(): Promise<boolean> {
    const { stopping } = this.#context
    const left = { events: this.#state.events, lastTradeIds: this.#composer.lastTradeIds() }
    if (this.#state.prompt) await this.#flush()
    for await (const chunk of this.#source.events(left, stopping))
      for (const events of inPieces(chunk, this.#pacer.speed)) {
        if (!(await this.#take(events))) return false
        if (this.#source.realTime) await this.#keepUp()
        await this.#saveWhenDue()
      }
    return !stopping.aborted
  }

  /** Puts a piece on the tape, at its pace. False when a stop came in between. */
  async #take(events: readonly MarketEvent[]): Promise<boolean> {
    const { stopping } = this.#context
    this.#isInside = true
    for (const step of this.#composer.push(events)) {
      await this.#append(step.outputs)
      if (step.stepEnd) await this.#settle()
      await this.#pacer.reach(this.#composer.marketTime ?? 0, stopping)
      if (stopping.aborted) return false
    }
    this.#isInside = false
    this.#state = { ...this.#state, events: this.#state.events + events.length }
    return true
  }

  /** In real time: what waits is appended at once, and lockstep ends when the past has been caught up with. */
  async #keepUp(): Promise<void> {
    const { clock } = this.#context
    const isCurrent = clock.now() - (this.#composer.marketTime ?? 0) <= BEHIND_MS
    if (isCurrent && !this.#state.prompt && this.#source.repeatable) {
      // Noted before it is done: after a crash the same market has to be cut in the same places.
      this.#state = { ...this.#state, prompt: true }
      await this.#saving
      await this.#arriving
      await this.#save()
    }
    if (isCurrent || this.#state.prompt) await this.#flush()
    await this.#arriving
    if (this.#baton === null) this.#state = { ...this.#state, settled: this.#own.tapeSeq }
    if (!isCurrent || this.#baton === null) return
    await this.#settle()
    await this.#baton.hold(false)
    await this.#baton.stop()
    this.#baton = null
  }

  async #flush(): Promise<void> {
    for (const step of this.#composer.flush()) await this.#append(step.outputs)
  }

  /** `failure`: why the source could not be played to its end. */
  async #end(failure: string | null): Promise<void> {
    await this.#flush()
    await this.#append([runEnded(this.#source.runId, this.#composer, failure)])
    await this.#settle()
    this.#state = { ...this.#state, phase: 'ended', failure }
    this.#meter.end(this.#source.instruments)
  }

  /** Hands over, and waits for what was handed over before: composing and appending overlap. */
  async #append(outputs: readonly Output[]): Promise<void> {
    if (outputs.length === 0) return
    const sealed = outputs.map((item) => this.#sealer.seal(item, null, this.#source.runId))
    for (const item of sealed) this.#store.note(item)
    const fresh: Sealed[] = sealed.filter((item) => item.seq > this.#own.seq)
    if (fresh.length === 0) return
    const before = this.#arriving
    this.#arriving = this.#arrive(before, fresh)
    // Whoever needs it awaits it; a failure in between is theirs to hear of.
    this.#arriving.catch(() => {})
    await before
  }

  async #arrive(before: Promise<void>, fresh: readonly Sealed[]): Promise<void> {
    const marketTime = this.#composer.marketTime ?? 0
    const stored = this.#context.bus.tape.append(
      fresh.map(({ subject, eventId, bytes }) => ({ subject, id: eventId, bytes })),
    )
    const [, seqs] = await Promise.all([before, stored])
    this.#own = { seq: fresh.at(-1)!.seq, tapeSeq: seqs.at(-1)! }
    this.#meter.observe(fresh, marketTime)
    const at = new Date(marketTime).toISOString()
    this.#context.health.set('feed', true, `market time ${at}`)
  }

  async #settle(): Promise<void> {
    if (this.#baton === null) return
    await this.#arriving
    // After a crash: more of ours follows on the tape, so this step was settled before that was appended.
    if (this.#sealer.nextSeq <= this.#own.seq) return
    await this.#baton.settle(this.#own.tapeSeq)
    this.#state = { ...this.#state, settled: this.#own.tapeSeq }
  }

  async #saveWhenDue(): Promise<void> {
    const due =
      this.#context.clock.monotonic() - this.#savedAt >= CHECKPOINT_MS ||
      this.#store.waiting >= WAITING_MAX
    if (!due) return
    await this.#saving
    await this.#arriving
    // In the background: composing and storing overlap; the next save waits for this one.
    this.#savedAt = this.#context.clock.monotonic()
    this.#saving = this.#save()
  }

  async #save(): Promise<void> {
    const { clock, stopping, health } = this.#context
    const checkpoint = {
      tapeSeq: this.#own.tapeSeq,
      nextSeq: this.#sealer.nextSeq,
      runId: this.#source.runId,
      state: writePlayState({ ...this.#state, composer: this.#composer.snapshot() }),
    }
    await retryForever(async () => await this.#store.save(checkpoint), {
      name: 'market store',
      clock,
      signal: stopping,
      onWait: ({ error }) => health.set('postgres', false, String(error)),
    })
    health.set('postgres', true)
  }
}
