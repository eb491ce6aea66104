import { join } from 'node:path'
import { connectBus, type Bus } from '@tapedeck/bus'
import { openFarm, type TrialFarm } from '@tapedeck/backtest'
import { startNats } from '@tapedeck/dev'
import type { StopSignals } from '../stop-signals.ts'
import { startLocalWorkers, type LocalWorkers } from './local-workers.ts'
import { natsAddress } from './nats-address.ts'
import type { OpenSearch } from './open-search.ts'

export interface FarmSettings {
  /** A queue that others serve too; without it one of our own. */
  readonly nats: string | undefined
  /** Where our own queue is kept, so that a search that was stopped goes on. */
  readonly dataDir: string
  readonly workers: number
  readonly trialLimitS: number
  readonly heapMb: number
  readonly say: (text: string) => void
}

/** Bytes of a queue of our own. */
const QUEUE_BYTES = 4 * 1024 ** 3

type Closing = { close(): Promise<void> }

const queueOf = async (
  settings: FarmSettings,
  open: Closing[],
  signal: AbortSignal,
): Promise<{ bus: Bus; url: string }> => {
  const own =
    settings.nats === undefined
      ? await startNats({
          dataDir: join(settings.dataDir, 'work'),
          useEnvironment: false,
          storeMaxBytes: '8GB',
          onProgress: settings.say,
        })
      : null
  if (own !== null) open.push({ close: async () => await own.stop() })
  const login = own?.login('admin') ?? {}
  const at = own === null ? natsAddress(settings.nats!) : { servers: own.url, ...login }
  const bus = await connectBus({
    ...at,
    name: 'tapedeck-search',
    signal,
    onStatus: (status, detail) => {
      if (status === 'reconnecting') settings.say(`NATS is away (${detail}); waiting for it`)
    },
  })
  open.push({ close: async () => await bus.close() })
  await bus.work.provision(QUEUE_BYTES)
  // Nobody else uses it: what a killed search left there is asked for again where it is still wanted.
  if (own !== null) await bus.work.clear()
  const url = new URL(at.servers)
  const secret = `${encodeURIComponent(at.user ?? '')}:${encodeURIComponent(at.pass ?? '')}@`
  return { bus, url: `${url.protocol}//${at.user === undefined ? '' : secret}${url.host}` }
}

const stalledText = (idleWorkers: number, inHand: number, { study }: OpenSearch): string | null => {
  if (inHand > 0 || idleWorkers > 0) return null
  return `no worker takes trials: none has data ${study.data.fingerprint.slice(0, 12)} and code ${study.code.slice(0, 12)}; start \`tapedeck worker\` of this version with the data in its --tapes`
}

/**
 * Runs `use` with a farm: a queue (ours or another) and, on this machine, workers for it. Everything that
 * was started ends with it. Rejects with the signal's reason once it is stopped.
 */
export const withFarm = async <T>(
  search: OpenSearch,
  settings: FarmSettings,
  stop: StopSignals,
  use: (farm: TrialFarm) => Promise<T>,
): Promise<T> => {
  const open: Closing[] = []
  const stopped = Promise.withResolvers<never>()
  stopped.promise.catch(() => {
    // Told to whoever waits below.
  })
  const onStop = (): void => stopped.reject(stop.signal.reason as Error)
  stop.signal.addEventListener('abort', onStop, { once: true })
  try {
    const { bus, url } = await queueOf(settings, open, stop.signal)
    const workers: LocalWorkers | null =
      settings.workers === 0
        ? null
        : startLocalWorkers({
            ...settings,
            count: settings.workers,
            natsUrl: url,
            code: search.study.code,
            paths: search.paths,
          })
    if (workers !== null) open.push({ close: async () => await workers.stop() })
    const farm = await openFarm({
      bus,
      study: search.study,
      onStalled: ({ idleWorkers, inHand }) => {
        const text = stalledText(idleWorkers, inHand, search)
        if (text !== null) settings.say(text)
      },
    })
    open.push({ close: async () => await farm.close() })
    const never = new Promise<never>(() => {
      // No workers of our own, none to fail.
    })
    return await Promise.race([use(farm), stopped.promise, workers?.failed ?? never])
  } finally {
    stop.signal.removeEventListener('abort', onStop)
    for (const one of open.toReversed()) await one.close()
  }
}
