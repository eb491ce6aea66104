import type { VenueClock } from '../../port/index.ts'
import { silentLog } from '../../port/index.ts'
import {
  StreamSocket,
  linkTimes,
  openWebSocket,
  parseFrame,
  planConnections,
  type OpenLink,
  type PlannedConnection,
  type ReadFrame,
} from '../streams/index.ts'
import { fail, pass, warn, type PreflightFinding } from './finding.ts'

export type MarketStreamsOptions = {
  readonly streamUrl: string
  readonly symbols: readonly string[]
  readonly streamMs: number
  readonly clock: VenueClock
  /** The demo, whose streams have moved before. */
  readonly isDemo: boolean
  readonly openLink?: OpenLink
  readonly random?: () => number
}

const readName = (text: string): ReadFrame<null> => {
  const message = parseFrame(text)
  const { stream } = message as { stream?: unknown }
  return typeof stream === 'string'
    ? { message: { stream, id: null, value: null } }
    : { answer: message }
}

const FIX_DEMO =
  ' Other documents have the streams of the demo at wss://fstream.binancefuture.com: set BINANCE_NETWORK=custom, BINANCE_REST_URL and BINANCE_STREAM_URL, and look with --venue custom.'
const FIX =
  'Let websockets to this address through firewall and proxy; when the address is right, look at the change log of the venue: streams have moved to other routes before.'

/** Marks come every second; a symbol in which nothing happens has neither prints nor changes of its book. */
const judge = (
  { path, streams }: PlannedConnection,
  seen: ReadonlySet<string>,
  problem: string | null,
  { streamUrl, streamMs, isDemo }: MarketStreamsOptions,
): PreflightFinding => {
  const fix = isDemo ? FIX + FIX_DEMO : FIX
  const name = `market streams ${path}`
  const silent = streams.filter((stream) => !seen.has(stream.name))
  if (silent.length === 0) return pass(name, `all ${streams.length} of ${streamUrl}${path} deliver`)
  const names = silent
    .slice(0, 5)
    .map((stream) => stream.name)
    .join(', ')
  const told = `${silent.length} of ${streams.length} delivered nothing in ${streamMs} ms: ${names}`
  if (problem !== null && seen.size === 0) return fail(name, `${streamUrl}${path}: ${problem}`, fix)
  if (seen.size === 0 || silent.some(({ channel }) => channel === 'mark'))
    return fail(name, told, fix)
  return warn(
    name,
    told,
    'Nothing, where little is traded: run it again with --wait 60. A stream that never delivers is on another route now.',
  )
}

const watch = async (
  planned: PlannedConnection,
  options: MarketStreamsOptions,
): Promise<PreflightFinding> => {
  const { clock, streamUrl, streamMs, openLink = openWebSocket, random = Math.random } = options
  const names = planned.streams.map(({ name }) => name)
  const wanted = new Set(names)
  const seen = new Set<string>()
  let problem: string | null = null
  const done = Promise.withResolvers<void>()
  const cancel = clock.after(streamMs, done.resolve)
  const socket = new StreamSocket<null>({
    url: `${streamUrl}${planned.path}`,
    streams: names,
    // Whoever is silent is told of, not reconnected.
    staleMs: () => Infinity,
    read: readName,
    clock,
    log: silentLog,
    openLink,
    random,
    times: linkTimes({}),
    onMessage: ({ stream }) => {
      if (wanted.has(stream)) seen.add(stream)
      if (seen.size === wanted.size) done.resolve()
    },
    onUp: () => undefined,
    onDown: (reason) => {
      problem = reason
    },
    onStale: () => undefined,
  })
  socket.start()
  await done.promise
  cancel()
  socket.stop()
  return judge(planned, seen, problem, options)
}

/** One line for each connection that market data would take: what it delivers within `streamMs`. */
export const checkMarketStreams = (
  options: MarketStreamsOptions,
): Promise<readonly PreflightFinding[]> =>
  Promise.all(
    planConnections('binance-usdm', options.symbols).map((planned) => watch(planned, options)),
  )
