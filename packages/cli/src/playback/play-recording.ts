import { setTimeout as sleep } from 'node:timers/promises'
import { connectBus } from '@tapedeck/bus'
import { openDatabase } from '@tapedeck/database'
import { type Stack, type StackOptions, startStack } from '@tapedeck/stack'
import { type Services, notReady, serviceClients } from '../session/index.ts'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import { type RunSummary, summarizeRun } from './summarize-run.ts'

/** What ingest says of the run: `/v1/run`. */
export interface RunState {
  readonly phase: 'idle' | 'playing' | 'ended' | 'failed'
  readonly source: string | null
  readonly run_id: string | null
  readonly market_time: number | null
  readonly events: number
  readonly reason: string | null
  readonly counts: Readonly<Record<string, InstrumentCounts>>
}

/** What ingest counted of one instrument. */
export interface InstrumentCounts {
  readonly trades: number
  readonly retimed: number
  readonly depthGaps: number
  readonly quotesCompared: number
  readonly quotesAgreed: number
}

export interface Playback {
  readonly files: readonly string[]
  readonly symbol: string | undefined
  readonly speed: string
  readonly lockstep: boolean
  readonly split: boolean
  readonly dataDir: string
  readonly configPath: string
  readonly logLevel: string
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
  readonly onState: (state: RunState) => void
  readonly onEvent: (service: string, event: string) => void
  /** Hears of the stack as soon as it runs; it is stopped when the recording has been played. */
  readonly onStarted?: (stack: Stack) => void
}

export interface Played {
  readonly state: RunState
  readonly summary: RunSummary
  /** Services that were never ready while it played, with what they said last. */
  readonly waiting: readonly (readonly [ServiceName, string])[]
  readonly deadLetters: number
  readonly seconds: number
}

const POLL_MS = 200
/** Without lockstep the services finish after the recording has: nothing new for this long is the end. */
const QUIET_MS = 1_500

const stackOptions = (playback: Playback): StackOptions => ({
  dataDir: playback.dataDir,
  port: 0,
  host: '127.0.0.1',
  split: playback.split,
  configPath: playback.configPath,
  logLevel: playback.logLevel,
  useEnvironment: false,
  durable: false,
  ingest: {
    TAPEDECK_SOURCE: 'recording',
    TAPEDECK_SOURCE_FILES: JSON.stringify(playback.files),
    TAPEDECK_SOURCE_SPEED: playback.speed,
    TAPEDECK_SOURCE_LOCKSTEP: String(playback.lockstep),
    ...(playback.symbol === undefined ? {} : { TAPEDECK_SOURCE_SYMBOL: playback.symbol }),
  },
  onProgress: playback.onProgress,
  onEvent: playback.onEvent,
})

/** Polls until the source is exhausted or unreadable; tells which services were not ready until then. */
const awaitEnd = async (
  services: Services,
  { signal, onState }: Playback,
): Promise<Pick<Played, 'state' | 'waiting'>> => {
  const ingest = services.client('ingest')
  let waiting: Played['waiting'] = SERVICES.map((name) => [name, 'not asked yet'])
  for (;;) {
    signal.throwIfAborted()
    const state = await ingest.get<RunState>('/v1/run')
    if (waiting.length > 0) waiting = await notReady(services)
    onState(state)
    if (state.phase === 'ended' || state.phase === 'failed') return { state, waiting }
    await sleep(POLL_MS, undefined, { signal })
  }
}

/** Resolves when nothing more is appended. In lockstep everything has been handled at the end already. */
const awaitQuiet = async (stack: Stack, { lockstep, signal }: Playback): Promise<number> => {
  const { nats } = stack.servers
  const bus = await connectBus({ servers: [nats.url], name: 'cli', ...nats.login('admin'), signal })
  try {
    let last = -1
    while (!lockstep) {
      const seq = await bus.tape.lastSeq()
      if (seq === last) break
      last = seq
      await sleep(QUIET_MS, undefined, { signal })
    }
    return await bus.deadLetterCount()
  } finally {
    await bus.close()
  }
}

const readSummary = async (stack: Stack, runId: string): Promise<RunSummary> => {
  const db = openDatabase<Record<string, never>>({
    url: stack.roleUrls.journal,
    schema: 'journal',
    applicationName: 'cli',
    maxConnections: 1,
  })
  try {
    return await summarizeRun(db, runId)
  } finally {
    await db.close()
  }
}

/**
 * Plays a recording through all services of a stack of its own, and reads from the journal what came of
 * it. Everything is stopped again, whatever happens. Throws what kept the stack from starting, and the
 * signal's reason.
 */
export const playRecording = async (playback: Playback): Promise<Played> => {
  const started = performance.now()
  const stack = await startStack(stackOptions(playback))
  try {
    playback.signal.throwIfAborted()
    playback.onStarted?.(stack)
    const services = serviceClients(stack.urls, stack.secrets.jwtSecret)
    const { state, waiting } = await awaitEnd(services, playback)
    const deadLetters = await awaitQuiet(stack, playback)
    const summary = await readSummary(stack, state.run_id!)
    const seconds = Math.round(performance.now() - started) / 1_000
    return {
      state,
      summary,
      waiting,
      deadLetters,

      seconds,
    }
  } finally {
    await stack.stop()
  }
}
