/**
 * A process with a venue on a port, and bare servers beside it: an HTTP echo, and websockets that send
 * what the venue sends. Told what to do over IPC, so that the measuring process is a client alone.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startVenueServer, type SimulatedVenue, type StreamSink } from '@tapedeck/venue-simulator'
import { WebSocketServer } from 'ws'
import { venueUnderTest } from './venue-under-test.ts'

/** About what an order is answered with. */
const ECHO = JSON.stringify({ echo: 'x'.repeat(440) })
const STREAM = 'btcusdt@bookTicker/btcusdt@depth@100ms/btcusdt@trade'
const STEP_MS = 100
const STEPS = 300

const listen = async (server: ReturnType<typeof createServer>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const echo = createServer((message, response) => {
  message.resume().on('end', () => response.end(ECHO))
})
const bareSockets = createServer()
const bare = new WebSocketServer({ server: bareSockets, perMessageDeflate: false })

/** What the venue sends in each step, as text: by a twin of the same seed. */
const framesByStep = (): readonly (readonly string[])[] => {
  const twin = venueUnderTest()
  let frames: string[] = []
  const sink: StreamSink = {
    send: (text) => void frames.push(text),
    ping: () => undefined,
    pong: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
  }
  twin.connect(`/public/ws/${STREAM}`, '', sink)
  const steps: string[][] = []
  for (let step = 0; step < STEPS; step++) {
    frames = []
    twin.advanceTo(twin.time + STEP_MS)
    steps.push(frames)
  }
  return steps
}

const stepwise = async (act: (step: number) => void): Promise<void> => {
  for (let step = 0; step < STEPS; step++) {
    act(step)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const fanOut = async (venue: SimulatedVenue | null): Promise<void> => {
  if (venue === null)
    await stepwise((step) => {
      for (const text of frames[step]!) for (const client of bare.clients) client.send(text)
    })
  else await stepwise(() => venue.advanceTo(venue.time + STEP_MS))
}

const frames = framesByStep()
let venue = venueUnderTest()
/** Streams are measured on a venue of their own each time: the same frames for every run. */
const served = {
  get time() {
    return venue.time
  },
  advanceTo: (time: number) => venue.advanceTo(time),
  request: (request: Parameters<SimulatedVenue['request']>[0]) => venue.request(request),
  refusesConnection: () => null,
  connect: (path: string, query: string, sink: StreamSink) => venue.connect(path, query, sink),
}
const server = await startVenueServer({ venue: served, deflate: false })
const [echoPort, barePort] = [await listen(echo), await listen(bareSockets)]

process.on('message', (message: { readonly kind: string }) => {
  if (message.kind === 'fresh') {
    venue = venueUnderTest()
    process.send!({ kind: 'done' })
  } else if (message.kind === 'fan-out')
    void fanOut(venue).then(() => process.send!({ kind: 'done' }))
  else if (message.kind === 'bare-fan-out')
    void fanOut(null).then(() => process.send!({ kind: 'done' }))
})
process.on('disconnect', () => process.exit(0))

process.send!({
  kind: 'ready',
  rest: server.restUrl,
  stream: `${server.streamUrl}/public/ws/${STREAM}`,
  echo: `http://127.0.0.1:${echoPort}`,
  bareStream: `ws://127.0.0.1:${barePort}`,
  time: venue.time,
  frames: frames.reduce((sum, step) => sum + step.length, 0),
})
