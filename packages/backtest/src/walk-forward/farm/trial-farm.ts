import type { Bus, Following } from '@tapedeck/bus'
import { canonicalJson } from '@tapedeck/contracts'
import {
  laneOf,
  leadingData,
  studyId,
  trialId,
  type RunTrial,
  type TrialJob,
  type TrialOutcome,
  type TrialStudy,
} from '../trial-job.ts'
import { unpackOutcome } from './trial-message.ts'

export type FarmCounts = {
  readonly done: number
  /** Of these, found done by an earlier run. */
  readonly reused: number
  readonly waiting: number
}

export type FarmOptions = {
  readonly bus: Bus
  readonly study: TrialStudy
  /** Jobs on the queue at a time; the rest waits here. Default 1000. */
  readonly ahead?: number
  /** Told when nothing moves: nobody has the data and the code, or everybody is busy. */
  readonly onStalled?: (state: { readonly idleWorkers: number; readonly inHand: number }) => void
  readonly stallMs?: number
}

export type TrialFarm = {
  readonly run: RunTrial
  counts(): FarmCounts
  /** Rejects when results cannot be read on. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

const AHEAD = 1_000
const STALL_MS = 15_000

type Waiting = { readonly bytes: Uint8Array; readonly resolve: (outcome: TrialOutcome) => void }

class Farm implements TrialFarm {
  readonly failed: Promise<never>
  readonly #bus: Bus
  readonly #options: FarmOptions
  readonly #study: string
  readonly #lane: string
  readonly #results = new Map<string, Uint8Array>()
  readonly #asked = new Map<string, Promise<TrialOutcome>>()
  readonly #onQueue = new Map<string, Waiting>()
  readonly #backlog: (() => void)[] = []
  readonly #timer: NodeJS.Timeout
  readonly #stopListening: () => void
  readonly #fail: (error: unknown) => void
  #following: Following | null = null
  #done = 0
  #reused = 0
  #doneBefore = -1
  #isClosed = false

  constructor(options: FarmOptions) {
    const { bus, study, stallMs = STALL_MS } = options
    const { promise, reject } = Promise.withResolvers<never>()
    this.failed = promise
    // What breaks off because we leave is nobody's failure.
    this.#fail = (error) => {
      if (!this.#isClosed) reject(error)
    }
    promise.catch(() => {
      // Told to whoever runs trials.
    })
    this.#bus = bus
    this.#options = options
    this.#study = studyId(study)
    this.#lane = laneOf(study.code, leadingData(study.data))
    this.#timer = setInterval(() => void this.#lookForStall(), stallMs)
    // A server that came back may have lost what waited: asking again for what is there does nothing.
    this.#stopListening = bus.onStatus((status) => {
      if (status === 'connected') void this.#askAgain()
    })
  }

  async begin(): Promise<void> {
    await this.#bus.work.provision()
    this.#following = await this.#bus.work.follow(this.#study, {
      onResult: ({ id, bytes }) => {
        const waiting = this.#take(id)
        if (waiting === undefined) this.#results.set(id, bytes)
        else waiting.resolve(unpackOutcome(bytes))
      },
      onGivenUp: ({ id, reason, detail, attempts }) => {
        const message = attempts > 1 ? `${detail} (${attempts} attempts)` : detail
        this.#take(id)?.resolve({ status: 'failed', code: reason, message })
      },
    })
    this.#following.finished.catch(this.#fail)
  }

  readonly run: RunTrial = async (job) => {
    const id = trialId(job)
    const asked = this.#asked.get(id) ?? this.#ask(id, job)
    this.#asked.set(id, asked)
    const outcome = await Promise.race([asked, this.failed])
    // Only what runs is asked for twice; memory is for what is to come.
    if (this.#asked.delete(id)) this.#done += 1
    return outcome
  }

  counts(): FarmCounts {
    return { done: this.#done, reused: this.#reused, waiting: this.#onQueue.size }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    this.#stopListening()
    await this.#following?.stop()
  }

  async #ask(id: string, job: TrialJob): Promise<TrialOutcome> {
    const there = this.#results.get(id)
    if (there !== undefined) {
      this.#reused += 1
      return unpackOutcome(there)
    }
    while (this.#onQueue.size >= (this.#options.ahead ?? AHEAD)) {
      await new Promise<void>((resolve) => this.#backlog.push(resolve))
    }
    const { promise, resolve } = Promise.withResolvers<TrialOutcome>()
    const bytes = new TextEncoder().encode(canonicalJson(job))
    this.#onQueue.set(id, { bytes, resolve })
    await this.#add(id, bytes)
    return await promise
  }

  async #add(id: string, bytes: Uint8Array): Promise<void> {
    try {
      await this.#bus.work.add({ lane: this.#lane, study: this.#study, id, bytes })
    } catch (error) {
      this.#fail(error)
    }
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#onQueue.get(id)
    this.#onQueue.delete(id)
    if (waiting !== undefined) this.#backlog.shift()?.()
    return waiting
  }

  async #askAgain(): Promise<void> {
    try {
      await this.#bus.work.provision()
      for (const [id, { bytes }] of this.#onQueue) {
        if (this.#onQueue.has(id)) await this.#add(id, bytes)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  async #lookForStall(): Promise<void> {
    const isStalled = this.#done === this.#doneBefore && this.#onQueue.size > 0
    this.#doneBefore = this.#done
    if (!isStalled || this.#bus.status() !== 'connected') return
    try {
      const { idleWorkers, inHand } = await this.#bus.work.lane(this.#lane)
      this.#options.onStalled?.({ idleWorkers, inHand })
      if (inHand === 0) await this.#askAgain()
    } catch {
      // Looked at again in a while.
    }
  }
}

/**
 * Runs trials on whoever works for the queue. What was done before, by whomever, is not done again: the
 * same trial has the same id, and results stay.
 */
export const openFarm = async (options: FarmOptions): Promise<TrialFarm> => {
  const farm = new Farm(options)
  try {
    await farm.begin()
    return farm
  } catch (error) {
    await farm.close()
    throw error
  }
}
