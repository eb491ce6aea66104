import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { TapedeckError } from '@tapedeck/contracts'

export type WorkersOptions = {
  readonly count: number
  readonly natsUrl: string
  /** Of the search: a worker that starts after the sources were changed would wait for ever. */
  readonly code: string
  readonly paths: readonly string[]
  readonly trialLimitS: number
  readonly heapMb: number
  readonly say: (text: string) => void
}

export type LocalWorkers = {
  /** Rejects when workers cannot be kept alive. */
  readonly failed: Promise<never>
  stop(): Promise<void>
}

/** Names the code that a worker must be of. */
export const WANTED_CODE = 'TAPEDECK_SEARCH_CODE'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
/** One that dies sooner has not worked. */
const SETTLED_MS = 5_000
const QUICK_DEATHS_MAX = 5
const LAST_WORDS_MAX = 2_000

/**
 * Worker processes that are replaced when they die, and that end when this process does: they notice that
 * the channel to it is gone.
 */
export const startLocalWorkers = (options: WorkersOptions): LocalWorkers => {
  const { count, natsUrl, code: wanted, paths, trialLimitS, heapMb, say } = options
  const alive = new Set<ChildProcess>()
  const { promise: failed, reject } = Promise.withResolvers<never>()
  failed.catch(() => {
    // Told to whoever waits for trials.
  })
  let isStopping = false

  const one = async (): Promise<void> => {
    for (let quick = 0; !isStopping;) {
      const startedAt = performance.now()
      const args = ['worker', '--concurrency', '1', '--trial-limit', String(trialLimitS)]
      // The password must not be seen in the list of processes.
      const child = fork(MAIN, [...args, '--heap', String(heapMb), '--tapes', ...paths], {
        env: { ...process.env, NATS_URL: natsUrl, [WANTED_CODE]: wanted },
        execArgv: ['--disable-warning=ExperimentalWarning'],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      alive.add(child)
      let words = ''
      child.stderr?.on('data', (chunk: Buffer) => {
        words = (words + chunk.toString('utf8')).slice(-LAST_WORDS_MAX)
      })
      const code = await new Promise<string>((resolve) => {
        child.once('error', (error) => resolve(String(error)))
        child.once('exit', (status, signal) => resolve(signal ?? String(status)))
      })
      alive.delete(child)
      if (isStopping) return
      quick = performance.now() - startedAt < SETTLED_MS ? quick + 1 : 0
      if (quick > QUICK_DEATHS_MAX) {
        const text = `workers die as soon as they start (${code}): ${words.trim()}`
        reject(new TapedeckError('INTERNAL', text, { hint: 'Their last words are above.' }))
        return
      }
      say(`a worker ended (${code}) and is replaced`)
      await sleep(100 * 2 ** quick)
    }
  }
  const all = Array.from({ length: count }, async () => await one())
  return {
    failed,
    async stop() {
      isStopping = true
      for (const child of alive) child.kill('SIGKILL')
      await Promise.all(all)
    },
  }
}
