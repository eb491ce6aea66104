import { Worker } from 'node:worker_threads'
import type { DataCatalog } from './data-catalog.ts'
import type { ThreadAnswer } from './trial-message.ts'

export type PoolOptions = {
  readonly catalog: DataCatalog
  readonly size: number
  /** A trial that takes longer is ended, with its thread. */
  readonly trialMsMax: number
  /** Heap of one thread, in MB; a trial that needs more ends, not the worker. */
  readonly heapMb: number
  /** What a thread runs; another for tests. */
  readonly entry?: URL
}

export type PoolAnswer =
  | { readonly result: Uint8Array }
  | { readonly reason: string; readonly detail: string }

type Thread = { readonly worker: Worker; isBusy: boolean }

const ENTRY = new URL('./trial-thread.ts', import.meta.url)

/** Threads that do trials, one each at a time. A thread that had to be ended is replaced. */
export class TrialPool {
  readonly #options: PoolOptions
  #threads: Thread[] = []
  #waiting: (() => void)[] = []
  #busy = 0
  #meanMs: number | null = null
  #nextTicket = 1
  #isClosed = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /** How long trials take of late; null before the first. */
  get meanMs(): number | null {
    return this.#meanMs
  }

  /** Waits for a free thread. Always answers; never rejects. */
  async run(bytes: Uint8Array): Promise<PoolAnswer> {
    while (this.#busy >= this.#options.size) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#busy += 1
    const startedAt = performance.now()
    const answer = await this.#runNow(bytes)
    const took = performance.now() - startedAt
    this.#meanMs = this.#meanMs === null ? took : 0.8 * this.#meanMs + 0.2 * took
    this.#busy -= 1
    this.#waiting.shift()?.()
    return answer
  }

  async #runNow(bytes: Uint8Array): Promise<PoolAnswer> {
    if (this.#isClosed) return { reason: 'WORKER_FAILED', detail: 'the worker is stopping' }
    const thread = this.#threads.find(({ isBusy }) => !isBusy) ?? this.#start()
    thread.isBusy = true
    const ticket = this.#nextTicket++
    const { promise, resolve } = Promise.withResolvers<PoolAnswer>()
    const end = (reason: string, detail: string): void => {
      this.#drop(thread)
      resolve({ reason, detail })
    }
    const { trialMsMax } = this.#options
    const timer = setTimeout(
      () => end('TRIAL_TIME_LIMIT', `took longer than ${trialMsMax / 1_000} s and was ended`),
      trialMsMax,
    )
    const onMessage = (answer: ThreadAnswer): void => {
      if (answer.ticket === ticket) resolve(answer)
    }
    const onError = (error: Error): void => end('THREAD_DIED', error.message)
    const onExit = (code: number): void => end('THREAD_DIED', `ended with code ${code}`)
    const { worker } = thread
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage({ ticket, bytes: bytes.slice() }, [])
    const answer = await promise
    clearTimeout(timer)
    worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    thread.isBusy = false
    return 'result' in answer
      ? { result: answer.result }
      : { reason: answer.reason, detail: answer.detail }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#threads.map(async ({ worker }) => await worker.terminate()))
  }

  #start(): Thread {
    const { catalog, heapMb, entry = ENTRY } = this.#options
    const worker = new Worker(entry, {
      workerData: { catalog },
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    // One without a listener would end the process.
    worker.on('error', () => undefined)
    const thread = { worker, isBusy: false }
    this.#threads.push(thread)
    return thread
  }

  #drop(thread: Thread): void {
    this.#threads = this.#threads.filter((one) => one !== thread)
    void thread.worker.terminate()
  }
}
