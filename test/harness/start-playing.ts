import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceName } from '@tapedeck/contracts'
import { REPOSITORY } from '@tapedeck/dev'
import { createAccessTokens, systemClock, type Role } from '@tapedeck/runtime'
import { type Stack, startStack } from '@tapedeck/stack'
import { makeTestFolder, removeTestFolder } from '@tapedeck/testkit'

export interface PlayOptions {
  readonly files: readonly string[]
  readonly symbol?: string
  /** One process each; else all in this one. */
  readonly split?: boolean
  readonly lockstep?: boolean
  /** A factor of real time; default as fast as it goes. */
  readonly speed?: string
  readonly configPath?: string
  /** Commits reach the disk. Needed where Postgres itself is killed: without it its last commits may go. */
  readonly durable?: boolean
}

/** What ingest says at `/v1/run`. */
export interface PlayStatus {
  readonly phase: 'idle' | 'playing' | 'ended' | 'failed'
  readonly run_id: string | null
  readonly events: number
  readonly reason: string | null
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export interface AskOptions {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly role?: Role
}

/** A stack that plays a recording. */
export interface Playing {
  readonly dataDir: string
  readonly stack: Stack
  /** What the supervisor said: `<service> <event>`. */
  readonly events: readonly string[]
  ask(service: ServiceName, path: string, options?: AskOptions): Promise<Answer>
  /** Resolves when the run has ended or failed. A service that is down is asked again. */
  ended(): Promise<PlayStatus>
  /** Removes the folder; call it when everything has been stopped. */
  remove(): void
}

const POLL_MS = 100
/** As long as the longest test may take: a playback that stands still must not outlive its test for long. */
const PLAY_MS_MAX = 900_000

const asker =
  (stack: Stack): Playing['ask'] =>
  async (service, path, { method = 'GET', body, headers = {}, role = 'admin' } = {}) => {
    const tokens = createAccessTokens(stack.secrets.jwtSecret, systemClock)
    const { token } = await tokens.mint({ id: 'e2e', role })
    const response = await fetch(`${stack.urls[service]}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : (JSON.parse(text) as unknown),
    }
  }

const waitForEnd = async (
  ask: Playing['ask'],
  events: readonly string[],
  split: boolean,
): Promise<PlayStatus> => {
  let said = 'nothing yet'
  const deadline = performance.now() + PLAY_MS_MAX
  while (performance.now() < deadline) {
    // A service of this process that cannot go on is not started again: waiting would be for ever.
    if (!split && events.length > 0) throw new Error(`the stack failed: ${events.join('; ')}`)
    try {
      const { status, body } = await ask('ingest', '/v1/run')
      const run = body as PlayStatus
      said = `${status} ${JSON.stringify(body)}`
      if (status === 200 && (run.phase === 'ended' || run.phase === 'failed')) return run
    } catch {
      // It is being started again.
    }
    await sleep(POLL_MS)
  }
  throw new Error(`the playback did not end within ${PLAY_MS_MAX / 1000} s; ingest said ${said}`)
}

/** Starts servers and services in a folder of their own, with ingest playing files from the beginning. */
export const startPlaying = async (options: PlayOptions): Promise<Playing> => {
  const dataDir = makeTestFolder('e2e')
  const events: string[] = []
  const stack = await startStack({
    dataDir,
    port: 0,
    host: '127.0.0.1',
    split: options.split ?? false,
    configPath: options.configPath ?? join(REPOSITORY, 'config', 'tapedeck.yaml'),
    logLevel: 'info',
    useEnvironment: false,
    durable: options.durable ?? false,
    ingest: {
      TAPEDECK_SOURCE: 'recording',
      TAPEDECK_SOURCE_FILES: JSON.stringify(options.files),
      TAPEDECK_SOURCE_SPEED: options.speed ?? 'max',
      TAPEDECK_SOURCE_LOCKSTEP: String(options.lockstep ?? true),
      TAPEDECK_SOURCE_SYMBOL: options.symbol,
    },
    onProgress: () => {},
    onEvent: (service, event) => void events.push(`${service} ${event}`),
  })
  const ask = asker(stack)
  return {
    dataDir,
    stack,
    events,
    ask,
    ended: async () => await waitForEnd(ask, events, options.split ?? false),
    remove: () => removeTestFolder(dataDir),
  }
}
