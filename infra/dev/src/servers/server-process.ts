import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { TapedeckError } from '@tapedeck/contracts'
import { findProgram } from '../install/find-program.ts'
import { claimFolder, endLeftover, releaseFolder } from './claim-folder.ts'
import { pickPort } from './pick-port.ts'

const READY_MS_MAX = 60_000
const STOP_MS_MAX = 15_000
const POLL_MS = 15
const PORT_ATTEMPTS = 5

/** How to run one kind of server. Everything else (ports, logs, leftovers, stopping) is the same for all. */
export type ServerSpec = {
  readonly name: string
  /** Our folder: log, claim, secrets. */
  readonly dataDir: string
  /** The server's working folder, by which a leftover is recognised. */
  readonly workDir: string
  readonly logFile: string
  /** 0: a free one. */
  readonly port: number
  readonly file: string
  readonly args: (port: number) => readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly user?: { readonly uid: number; readonly gid: number } | null
  readonly stopSignal: NodeJS.Signals
  readonly isReady: (port: number, pid: number) => Promise<boolean>
  /** A failure that passes by itself (the last start's memory is not freed yet). */
  readonly isPassing?: (log: string) => boolean
}

/** A server that runs until it is stopped, or its session ends. */
export type ServerProcess = {
  readonly port: number
  /** Null while it is down. */
  readonly pid: number | null
  stop(): Promise<void>
  /** Sends a signal; after SIGKILL or the stop signal it resolves when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Stops it if needed and starts it again on the same port with the same data. */
  restart(): Promise<void>
  /** Called whenever the process ends, asked for or not. */
  onExit(listener: (asked: boolean) => void): void
}

const ENDING: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'])

/** On Linux the kernel ends the server with us, even when we are killed. */
const withDeathSignal = (spec: ServerSpec, port: number): [string, string[]] => {
  const args = [...spec.args(port)]
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : null
  if (setpriv === null) return [spec.file, args]
  return [setpriv, ['--pdeathsig', spec.stopSignal.slice(3), spec.file, ...args]]
}

const failure = (spec: ServerSpec, port: number, log: string): TapedeckError => {
  const last = log.trim().split('\n').slice(-5).join(' | ')
  if (/address already in use|could not bind/i.test(log)) {
    return new TapedeckError('PORT_IN_USE', `${spec.name}: port ${port} is in use`, {
      details: { port },
    })
  }
  if (/no space left/i.test(log)) {
    return new TapedeckError('DISK_FULL', `${spec.name} cannot write to ${spec.dataDir}: ${last}`)
  }
  return new TapedeckError(
    'SERVER_START_FAILED',
    `${spec.name} did not start: ${last || 'it said nothing'} (log: ${spec.logFile})`,
  )
}

type Running = { readonly child: ChildProcess; readonly exited: Promise<void>; hasExited: boolean }

const launch = (spec: ServerSpec, port: number): Running & { log: () => string } => {
  const fd = openSync(spec.logFile, 'a', 0o600)
  const from = fstatSync(fd).size
  const [file, args] = withDeathSignal(spec, port)
  const child = spawn(file, args, {
    cwd: spec.workDir,
    env: spec.env,
    stdio: ['ignore', fd, fd],
    // A group of its own: Ctrl-C at a terminal is for us, who stop the servers last.
    detached: true,
    ...spec.user,
  })
  closeSync(fd)
  let spawnError = ''
  const running = {
    child,
    hasExited: false,
    exited: new Promise<void>((resolve) => {
      const end = (): void => {
        running.hasExited = true
        resolve()
      }
      child.once('exit', end)
      child.once('error', (error) => {
        spawnError = String(error)
        end()
      })
    }),
    log: () => spawnError + readFileSync(spec.logFile).subarray(from).toString('utf8'),
  }
  return running
}

const startOnce = async (spec: ServerSpec, port: number): Promise<Running> => {
  const deadline = performance.now() + READY_MS_MAX
  for (;;) {
    const running = launch(spec, port)
    while (!running.hasExited && performance.now() < deadline) {
      const { pid } = running.child
      if (pid !== undefined && (await spec.isReady(port, pid))) {
        claimFolder(spec.dataDir, pid)
        return running
      }
      await sleep(POLL_MS)
    }
    running.child.kill('SIGKILL')
    await running.exited
    const log = running.log()
    if (performance.now() >= deadline || spec.isPassing?.(log) !== true)
      throw failure(spec, port, log)
    await sleep(100)
  }
}

const startOnFreePort = async (spec: ServerSpec): Promise<{ port: number; running: Running }> => {
  for (let attempt = 1; ; attempt += 1) {
    const port = await pickPort(spec.port, spec.name)
    try {
      return { port, running: await startOnce(spec, port) }
    } catch (error) {
      // Somebody took the port between our look and the server's.
      const isTaken = error instanceof TapedeckError && error.code === 'PORT_IN_USE'
      if (!isTaken || spec.port !== 0 || attempt === PORT_ATTEMPTS) throw error
    }
  }
}

/** Starts a server, resolves when it answers. Throws PORT_IN_USE, DISK_FULL, DATA_FOLDER_IN_USE, SERVER_START_FAILED. */
export const startServerProcess = async (spec: ServerSpec): Promise<ServerProcess> => {
  await endLeftover(spec.dataDir, spec.workDir)
  const { port, running: first } = await startOnFreePort(spec)
  const listeners: ((asked: boolean) => void)[] = []
  let current: Running | null = null
  let asked = false

  const endWithUs = (): void => {
    current?.child.kill(spec.stopSignal)
  }
  const adopt = (running: Running): void => {
    current = running
    asked = false
    process.once('exit', endWithUs)
    const onExited = async (): Promise<void> => {
      await running.exited
      process.off('exit', endWithUs)
      if (current === running) current = null
      for (const listener of listeners) listener(asked)
    }
    void onExited()
  }
  adopt(first)

  const stop = async (): Promise<void> => {
    const running = current
    if (running === null) return
    asked = true
    running.child.kill(spec.stopSignal)
    const timer = setTimeout(() => running.child.kill('SIGKILL'), STOP_MS_MAX)
    await running.exited
    clearTimeout(timer)
    releaseFolder(spec.dataDir)
  }
  return {
    port,
    get pid() {
      return current?.child.pid ?? null
    },
    stop,
    async kill(signal = 'SIGKILL') {
      const running = current
      if (running === null) return
      asked = ENDING.has(signal)
      running.child.kill(signal)
      if (asked) await running.exited
    },
    async restart() {
      await stop()
      adopt(await startOnce(spec, port))
    },
    onExit: (listener) => void listeners.push(listener),
  }
}
