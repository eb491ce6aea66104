import { afterEach, describe, expect, it } from '@jest/globals'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { until } from '@tapedeck/test-data'
import { StreamHub } from '../src/sockets/index.ts'
import {
  startVenueServer,
  type VenueServer,
  type VenueServerOptions,
} from '../src/sockets/index.ts'
import type { Delivery, VenueRequest } from '../src/index.ts'

/** A venue of streams alone, whose answers a test decides: for what sockets and HTTP do. */
const scriptedVenue = (answer: (request: VenueRequest) => Delivery) => {
  const requests: VenueRequest[] = []
  const hub = new StreamHub({
    symbols: ['BTCUSDT'],
    startTime: 1000,
    listenKeys: { accountOf: () => null, end: () => undefined },
    view: { book: () => null, klines: () => [], dayTicker: () => null },
  })
  return {
    hub,
    requests,
    venue: {
      get time() {
        return hub.time
      },
      advanceTo: (time: number) => hub.advanceTo(time),
      request: (request: VenueRequest) => {
        requests.push(request)
        return answer(request)
      },
      refusesConnection: (path: string, query: string) => hub.refusal(path, query),
      connect: hub.connect.bind(hub),
    },
  }
}

const ok = (body: string, delayMs = 0): Delivery => ({
  kind: 'answer',
  response: { status: 200, headers: { 'content-type': 'application/json', 'x-mbx-a': 'b' }, body },
  delayMs,
})

const running: VenueServer[] = []
const serve = async (
  answer: (request: VenueRequest) => Delivery = () => ok('{}'),
  options: Partial<VenueServerOptions> = {},
) => {
  const scripted = scriptedVenue(answer)
  const server = await startVenueServer({ venue: scripted.venue, ...options })
  running.push(server)
  return { ...scripted, server }
}

const opened = async (url: string): Promise<{ socket: WebSocket; frames: string[] }> => {
  const socket = new WebSocket(url)
  const frames: string[] = []
  socket.on('message', (data: Buffer) => frames.push(data.toString('utf8')))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return { socket, frames }
}

const closeOf = async (socket: WebSocket): Promise<number> =>
  await new Promise((resolve) => socket.once('close', resolve))

/** Raw bytes to the server, and all that comes back until it closes. */
const speak = async (port: number, text: string): Promise<string> =>
  await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let heard = ''
    socket.on('data', (data) => (heard += data.toString('utf8')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
  })

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

describe('REST', () => {
  it('hands a request over as it came, and the answer back as it is', async () => {
    const { server, requests } = await serve(() => ok('{"a":1}'))
    const response = await fetch(`${server.restUrl}/fapi/v1/order?symbol=BTC%20USDT&a=1`, {
      method: 'POST',
      headers: { 'X-MBX-APIKEY': 'key', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'b=%2F&signature=0',
    })
    expect(await response.text()).toBe('{"a":1}')
    expect(response.headers.get('x-mbx-a')).toBe('b')
    expect(requests).toMatchObject([
      {
        method: 'POST',
        path: '/fapi/v1/order',
        query: 'symbol=BTC%20USDT&a=1',
        body: 'b=%2F&signature=0',
        headers: { 'x-mbx-apikey': 'key' },
        remote: '127.0.0.1',
      },
    ])
  })

  it('answers late, resets, and leaves hanging', async () => {
    const { server, requests } = await serve(({ path }) => {
      if (path === '/late') return ok('late', 30)
      return path === '/reset' ? { kind: 'reset', delayMs: 5 } : { kind: 'hang' }
    })
    expect(await (await fetch(`${server.restUrl}/late`)).text()).toBe('late')
    await expect(fetch(`${server.restUrl}/reset`)).rejects.toMatchObject({
      cause: { code: 'ECONNRESET' },
    })
    const controller = new AbortController()
    const hanging = fetch(`${server.restUrl}/hang`, { signal: controller.signal })
    await until(() => requests.length === 3)
    controller.abort()
    await expect(hanging).rejects.toThrow('aborted')
  })

  it('bounds bodies and headers, and refuses what is not HTTP', async () => {
    const { server, requests } = await serve()
    const big = await fetch(server.restUrl, { method: 'POST', body: 'x'.repeat(300_000) }).catch(
      () => null,
    )
    expect([413, undefined]).toContain(big?.status)
    expect(await speak(server.port, 'nonsense\r\n\r\n')).toContain('400')
    const header = `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`
    expect(await speak(server.port, header)).toContain('431')
    expect(requests).toEqual([])
  })

  it('ends who never comes to the point', async () => {
    const { server, requests } = await serve(undefined, { headersTimeoutMs: 50 })
    expect(await speak(server.port, 'GET /fapi/v1/time HTTP/1.1\r\nhost: a\r\nx')).toContain('408')
    expect(requests).toEqual([])
  })

  it('says which port is taken', async () => {
    const { server, venue } = await serve()
    await expect(startVenueServer({ venue, port: server.port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    })
  })

  it('survives a venue that throws, and says so without the query', async () => {
    const problems: string[] = []
    const { server } = await serve(
      () => {
        throw new Error('a mistake in the venue')
      },
      { onProblem: (problem) => problems.push(problem) },
    )
    await expect(fetch(`${server.restUrl}/a?signature=secret`)).rejects.toThrow('fetch failed')
    expect(problems).toEqual(['a mistake in the venue'])
  })
})

describe('streams', () => {
  it('speaks websocket on the same port: control frames, real pings, polite ends', async () => {
    const { server, hub } = await serve()
    const { socket, frames } = await opened(`${server.streamUrl}/market/ws`)
    let pings = 0
    socket.on('ping', () => pings++)
    socket.send('{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":1}')
    await until(() => frames.length === 1)
    expect(frames).toEqual(['{"result":null,"id":1}'])
    hub.advanceTo(1000 + 3 * 60_000)
    await until(() => pings === 1)
    const pong = new Promise<Buffer>((resolve) => socket.once('pong', resolve))
    socket.ping('are you there')
    expect((await pong).toString()).toBe('are you there')
    const closed = closeOf(socket)
    hub.closeAll()
    expect(await closed).toBe(1001)
    await until(() => hub.sessions.size === 0)
  })

  it('refuses an address that does not exist before the handshake', async () => {
    const { server } = await serve()
    const socket = new WebSocket(`${server.streamUrl}/nowhere`)
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve))
    expect(error.message).toContain('404')
  })

  it('ends who floods, who sends binary, and who sends too much at once', async () => {
    const { server, hub } = await serve()
    const flood = (await opened(`${server.streamUrl}/market/ws`)).socket
    for (let i = 0; i < 11; i++) flood.send('{"method":"LIST_SUBSCRIPTIONS","id":1}')
    expect(await closeOf(flood)).toBe(1008)
    const binary = (await opened(`${server.streamUrl}/market/ws`)).socket
    binary.send(Buffer.from([1, 2, 3]))
    expect(await closeOf(binary)).toBe(1008)
    const large = (await opened(`${server.streamUrl}/market/ws`)).socket
    large.send('x'.repeat(200_000))
    expect(await closeOf(large)).toBe(1009)
    await until(() => hub.sessions.size === 0)
  })

  it('cuts off who does not read, and nobody else', async () => {
    const { server, hub } = await serve(undefined, { bufferedBytesMax: 65_536, deflate: false })
    const url = `${server.streamUrl}/public/ws/btcusdt@bookTicker`
    const slow = await opened(url)
    const quick = await opened(url)
    slow.socket.pause()
    const ticker = {
      symbol: 'BTCUSDT',
      updateId: 1,
      bidPrice: '1'.repeat(100_000),
      bidQuantity: '1',
      askPrice: '1',
      askQuantity: '1',
      time: 1000,
    }
    for (let sequence = 0; hub.sessions.size === 2; sequence++) {
      hub.tell([{ kind: 'book_ticker', ticker, sequence, time: 1000 + sequence }])
      await until(() => quick.frames.length > sequence)
    }
    expect(quick.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('is gone without a word when a connection is cut', async () => {
    const { server, hub } = await serve()
    const { socket } = await opened(`${server.streamUrl}/market/ws`)
    const closed = closeOf(socket)
    for (const session of hub.sessions) session.terminate()
    expect(await closed).toBe(1006)
  })
})
