import { type ChildProcess, spawn } from 'node:child_process'
import { type AddressInfo, type Socket, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { until } from '@tapedeck/test-data'
import {
  GeneratedSource,
  SimulatedVenue,
  VenuePacer,
  startVenueServer,
} from '@tapedeck/venue-simulator'
import { generatedSymbols } from '../src/venue/generated-symbols.ts'
import { makeSessionFolder, removeSessionFolder } from './session-folder.ts'

jest.setTimeout(300_000)

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const children: ChildProcess[] = []
let dataDir: string

beforeAll(() => {
  dataDir = makeSessionFolder('up-market')
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  removeSessionFolder(dataDir)
})

/** What a session that is started like `npm start` says of its market; it is stopped again in order. */
const marketOf = async (restUrl: string, streamUrl: string): Promise<string> => {
  const child = spawn(process.execPath, [MAIN, 'up', '--port', '0', '--data', dataDir], {
    env: {
      PATH: process.env['PATH'],
      NO_COLOR: '1',
      TAPEDECK_BINANCE_REST_URL: restUrl,
      TAPEDECK_BINANCE_STREAM_URL: streamUrl,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (data: Buffer) => (out += data.toString('utf8')))
  child.stderr.on('data', (data: Buffer) => (err += data.toString('utf8')))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const isUp = (): boolean => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`ended too soon: ${err}`)
    return out.includes('Stop with Ctrl-C')
  }
  await until(isUp, { what: 'the session is up', everyMs: 50 })
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  return /^ *market +(.*)$/m.exec(out)?.[1] ?? out
}

describe('the market of a session that was told nothing', () => {
  it('is the one that answers as the venue does, and says which', async () => {
    const symbols = generatedSymbols(['BTCUSDT'])
    const source = new GeneratedSource({ symbols, seed: 3, startTime: Date.now() })
    const venue = new SimulatedVenue({ source })
    const server = await startVenueServer({ venue })
    const pacer = new VenuePacer({ venue })
    try {
      const { host } = new URL(server.restUrl)
      expect(await marketOf(server.restUrl, server.streamUrl)).toBe(
        `a venue like binance-usdm at ${host}`,
      )
    } finally {
      pacer.stop()
      venue.cutStreams('close')
      await server.stop()
    }
  })

  it('is generated where the network is half open, and says so', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => sockets.push(socket))
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    try {
      expect(await marketOf(`http://127.0.0.1:${port}`, `ws://127.0.0.1:${port}`)).toMatch(
        /^generated.*the live market cannot be had from here; nothing of it is a real market/,
      )
    } finally {
      for (const socket of sockets) socket.destroy()
      silent.close()
    }
  })
})
