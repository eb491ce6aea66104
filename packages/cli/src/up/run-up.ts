import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { SERVICES } from '@tapedeck/contracts'
import { type Stack, startStack } from '@tapedeck/stack'
import { EXIT } from '../exit-codes.ts'
import type { RunState } from '../playback/index.ts'
import {
  type Services,
  awaitReady,
  claimSession,
  operatorKeyFile,
  serviceClients,
} from '../session/index.ts'
import { type StopSignals, catchStopSignals } from '../stop-signals.ts'
import {
  StatusLine,
  type Terminal,
  duration,
  formatPairs,
  paint,
  printLine,
  say,
} from '../terminal/index.ts'
import { checkFirst } from './check-first.ts'
import { ingestVariables } from './ingest-variables.ts'
import { type OrderVenue, openOrderVenue } from './order-venue.ts'
import { watchSession } from './watch-session.ts'

export interface UpOptions {
  readonly split: boolean
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly configPath: string
  /** Where orders go; undefined: where the trading configuration says. */
  readonly venue: 'paper' | 'simulator' | 'binance' | undefined
  readonly source: 'auto' | 'live' | 'generated' | 'recording' | 'none'
  readonly files: readonly string[]
  readonly symbol: string | undefined
  readonly seed: string | undefined
  readonly speed: string
  readonly logLevel: string
  /** Of `--venue simulator`: a preset's name, or a file; null: nothing goes wrong. */
  readonly faults: string | null
  /** Of `--venue simulator`: seed of the faults; null is the plan's own. */
  readonly faultSeed: number | null
  /** Of `--venue simulator`: the folder in which its accounts outlive the session; null forgets them. */
  readonly stateFolder: string | null
}

const SOURCE_MS_MAX = 10_000

/** What is played, as ingest says once it has chosen. */
const playedSource = async (services: Services, signal: AbortSignal): Promise<string> => {
  const deadline = performance.now() + SOURCE_MS_MAX
  for (;;) {
    const run = await services.client('ingest').get<RunState>('/v1/run')
    if (run.source !== null) return run.source
    if (run.phase === 'failed') return `none; it cannot be played: ${run.reason ?? 'see the log'}`
    if (performance.now() > deadline) return 'not chosen yet; tapedeck status shows it'
    await sleep(100, undefined, { signal })
  }
}

const sourceText = (wanted: UpOptions['source'], played: string): string =>
  wanted === 'auto' && played.startsWith('generated')
    ? `${played} (the live market cannot be had from here; nothing of it is a real market)`
    : played

interface Announcement {
  readonly orders: OrderVenue
  readonly stack: Stack
  readonly services: Services
  readonly hadKey: boolean
  readonly startedAt: number
}

const announce = async (
  terminal: Terminal,
  options: UpOptions,
  { orders, stack, services, hadKey, startedAt }: Announcement,
  signal: AbortSignal,
): Promise<void> => {
  const { urls } = stack
  const played = options.source === 'none' ? 'none' : await playedSource(services, signal)
  const bold = (text: string): string => paint(terminal.out, 'bold', text)
  printLine(
    terminal,
    `\n${bold('Tapedeck runs')} (started in ${duration(performance.now() - startedAt)})\n`,
  )
  printLine(
    terminal,
    formatPairs([
      ['page', bold(`${urls.gateway}/`)],
      ['market', orders.market ?? sourceText(options.source, played)],
      ['trading', orders.trading],
      ['data', options.dataDir],
      ['services', options.split ? 'one process each, supervised' : 'all in this process'],
      ...SERVICES.map((name): [string, string] => ['', `${name.padEnd(16)} ${urls[name]}`]),
    ]),
  )
  const keyFile = operatorKeyFile(options.dataDir)
  if (!hadKey && existsSync(keyFile)) {
    printLine(
      terminal,
      `\n${bold('Operator key')}, shown once (the command line keeps it in ${keyFile}):\n`,
    )
    printLine(terminal, `  ${readFileSync(keyFile, 'utf8').trim()}`)
  }
  printLine(
    terminal,
    '\nStop with Ctrl-C. Elsewhere: ./tapedeck status, ./tapedeck why <id>, ./tapedeck halt --reason …\n',
  )
}

const stopInOrder = async (terminal: Terminal, stack: Stack): Promise<void> => {
  let at = performance.now()
  await stack.stop((part) => {
    const now = performance.now()
    say(terminal, `${paint(terminal.err, 'green', '✓')} ${part} stopped (${duration(now - at)})`)
    at = now
  })
}

const serve = async (
  terminal: Terminal,
  options: UpOptions,
  orders: OrderVenue,
  signals: StopSignals,
  line: StatusLine,
  onStarted: (stack: Stack) => void,
): Promise<void> => {
  const startedAt = performance.now()
  const hadKey = existsSync(operatorKeyFile(options.dataDir))
  const failed = new AbortController()
  const signal = AbortSignal.any([signals.signal, failed.signal])
  const stack = await startStack({
    dataDir: options.dataDir,
    port: options.port,
    host: options.host,
    split: options.split,
    configPath: orders.configPath,
    logLevel: options.logLevel,
    useEnvironment: true,
    durable: true,
    ingest: { ...ingestVariables(options), ...orders.ingest },
    execution: orders.execution,
    onProgress: (text) => line.show(`${text}…`),
    onEvent: (service, event) => {
      line.log(`${paint(terminal.err, 'yellow', service)}: ${event}`)
      if (event.startsWith('cannot go on')) failed.abort(new Error(`${service} ${event}`))
    },
  })
  try {
    const services = serviceClients(stack.urls, stack.secrets.jwtSecret)
    onStarted(stack)
    await awaitReady(services, signal, (text) => line.show(text))
    line.clear()
    await announce(terminal, options, { orders, stack, services, hadKey, startedAt }, signal)
    await watchSession(services, line, signal)
    failed.signal.throwIfAborted()
  } finally {
    line.clear()
    await stopInOrder(terminal, stack)
  }
}

/**
 * Starts everything and stays until it is told to stop: then ingest, the services and the servers end in
 * that order, and the exit code is 0. A second Ctrl-C ends all of it at once (130).
 */
export const runUp = async (terminal: Terminal, options: UpOptions): Promise<number> => {
  const line = new StatusLine({ terminal, now: () => performance.now() })
  const claim = claimSession(options.dataDir)
  const signals = catchStopSignals(() => {
    line.clear()
    say(terminal, 'Stopping in order. Ctrl-C again ends it at once.')
  })
  try {
    await checkFirst(options, terminal.env)
    if (claim.crashed !== null)
      say(
        terminal,
        `The last session (process ${claim.crashed.pid}) did not stop in order; going on from where it was.`,
      )
    const orders = await openOrderVenue(options, terminal.env, (problem) => line.log(problem))
    try {
      await serve(terminal, options, orders, signals, line, ({ urls }) => claim.publish(urls))
    } finally {
      await orders.stop()
    }
    return EXIT.OK
  } catch (error) {
    if (!signals.caused(error)) throw error
    return EXIT.OK
  } finally {
    line.clear()
    claim.release()
    signals.release()
  }
}
