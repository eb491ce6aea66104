import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServiceName, TapedeckError } from '@tapedeck/contracts'
import { REPOSITORY } from '@tapedeck/dev'
import type { Environment } from '@tapedeck/runtime'
import { CONSUMERS, type RunningServices } from './running-services.ts'

export interface SupervisorOptions {
  /** Each service logs to `<name>.log` here. */
  readonly logDir: string
  readonly environment: (service: ServiceName) => Environment
  readonly onEvent: (service: ServiceName, event: string) => void
}

/** A service that ends again and again is started again ever more slowly. */
const RESTART_MS_MIN = 200
const RESTART_MS_MAX = 5_000
/** A process that ran for longer has recovered from what ended the one before. */
const STABLE_MS = 30_000
const START_MS_MAX = 60_000
const STOP_MS_MAX = 12_000

/** One service in a process of its own, started again whenever it ends by itself. */
class Supervised {
  readonly #name: ServiceName
  readonly #options: SupervisorOptions
  #child: ChildProcess | null = null
  #stopping = false
  #delayMs = RESTART_MS_MIN
  restarts = 0

  constructor(name: ServiceName, options: SupervisorOptions) {
    this.#name = name
    this.#options = options
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Resolves when the first process of the service says that it has started. */
  async start(): Promise<void> {
    const started = Promise.withResolvers<void>()
    this.#spawn(started.resolve)
    const bound = sleep(START_MS_MAX, 'late' as const, { ref: false })
    if ((await Promise.race([started.promise, bound])) === 'late')
      throw new TapedeckError(
        'NOT_READY',
        `${this.#name} did not start within ${START_MS_MAX / 1000} s`,
        {
          hint: `Read ${this.#logFile}.`,
        },
      )
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (child === null || child.exitCode !== null) return
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    if ((await Promise.race([exited, sleep(STOP_MS_MAX, 'late', { ref: false })])) === 'late')
      child.kill('SIGKILL')
    await exited
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  get #logFile(): string {
    return join(this.#options.logDir, `${this.#name}.log`)
  }

  #spawn(onStarted: () => void): void {
    mkdirSync(this.#options.logDir, { recursive: true })
    const log = openSync(this.#logFile, 'a')
    const startedAt = performance.now()
    const child = fork('src/main.ts', {
      // Packages are resolved from the service's own folder, as in its container.
      cwd: join(REPOSITORY, 'services', this.#name),
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: process.env['NODE_ENV'],
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
        ...this.#options.environment(this.#name),
      },
      execArgv: ['--import', '@tapedeck/runtime/telemetry'],
      stdio: ['ignore', log, log, 'ipc'],
      // A group of its own: Ctrl-C at a terminal is for us, who stop the services in order.
      detached: true,
    })
    closeSync(log)
    this.#child = child
    child.once('message', () => onStarted())
    child.once('exit', (code, signal) => {
      this.#child = null
      if (this.#stopping) return
      if (performance.now() - startedAt > STABLE_MS) this.#delayMs = RESTART_MS_MIN
      this.#options.onEvent(
        this.#name,
        `ended (${signal ?? `exit code ${code}`}), starting again in ${this.#delayMs} ms`,
      )
      void this.#again(onStarted)
    })
  }

  async #again(onStarted: () => void): Promise<void> {
    await sleep(this.#delayMs)
    this.#delayMs = Math.min(RESTART_MS_MAX, this.#delayMs * 2)
    if (this.#stopping) return
    this.restarts++
    this.#spawn(onStarted)
  }
}

/** Runs each service in a process of its own, supervised and restarted. */
export const superviseServices = async (options: SupervisorOptions): Promise<RunningServices> => {
  const consumers = new Map(CONSUMERS.map((name) => [name, new Supervised(name, options)]))
  const ingest = new Supervised('ingest', options)
  const of = (name: ServiceName): Supervised => consumers.get(name) ?? ingest
  // They are in groups of their own, so nobody else ends them when this process is ended at once.
  const endWithUs = (): void => {
    for (const service of [...consumers.values(), ingest]) service.kill()
  }
  process.once('exit', endWithUs)
  const stop: RunningServices['stop'] = async (onStopped = () => {}) => {
    await ingest.stop()
    onStopped('ingest')
    await Promise.all([...consumers.values()].map(async (service) => await service.stop()))
    onStopped('services')
    process.off('exit', endWithUs)
  }
  try {
    await Promise.all([...consumers.values()].map(async (service) => await service.start()))
    await ingest.start()
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: (name) => of(name).pid, restarts: (name) => of(name).restarts, stop }
}
