import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { REPOSITORY } from '@tapedeck/dev'
import type { Stack } from '@tapedeck/stack'

/** One that a signal ended has no exit code. */
const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null

/** Execution in a process of its own, to be killed and started again. */
export class ExecutionProcess {
  readonly #env: NodeJS.ProcessEnv
  readonly logFile: string
  #child: ChildProcess | null = null

  constructor(
    stack: Stack,
    dataDir: string,
    variables: Readonly<Record<string, string>>,
    logName = 'execution.log',
  ) {
    const { user, pass } = stack.servers.nats.login('execution')
    this.logFile = join(dataDir, logName)
    this.#env = {
      PATH: process.env['PATH'],
      NATS_URL: stack.servers.nats.url,
      NATS_USER: user,
      NATS_PASSWORD: pass,
      POSTGRES_URL: stack.roleUrls.execution,
      REDIS_URL: stack.servers.redis.url,
      TAPEDECK_PORT: new URL(stack.urls.execution).port,
      TAPEDECK_JWT_SECRET: stack.secrets.jwtSecret,
      ...variables,
    }
  }

  start(): void {
    const log = openSync(this.logFile, 'a')
    this.#child = fork('src/main.ts', [], {
      cwd: join(REPOSITORY, 'services/execution'),
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        '--import',
        '@tapedeck/runtime/telemetry',
      ],
      env: this.#env,
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
  }

  /** Stops it where it stands, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal)
  }

  /** Once it has ended by itself: its exit code. */
  async ended(): Promise<number | null> {
    const child = this.#child
    if (child === null) return null
    if (isRunning(child)) await once(child, 'exit')
    this.#child = null
    return child.exitCode
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || !isRunning(child)) return
    const exited = once(child, 'exit')
    // One that is stopped hears nothing else.
    child.kill('SIGCONT')
    child.kill(signal)
    await exited
  }
}
