import { createServer as createHttpServer, type RequestListener } from 'node:http'
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { WebSocketServer } from 'ws'
import { isBinanceMarketReachable } from '../src/binance/index.ts'

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  for (const server of servers.splice(0)) server.close()
})

const listen = async (server: Server): Promise<string> => {
  servers.push(server)
  server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const JSON_ANSWER: RequestListener = (_request, answer) => answer.end('{}')
/** Answers requests in some way; websockets in the usual one, where it has any. */
const serve = async (listener: RequestListener, hasStreams = true): Promise<string> => {
  const server = createHttpServer(listener)
  if (hasStreams) {
    const streams = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket, head) =>
      streams.handleUpgrade(request, socket, head, () => undefined),
    )
  }
  return await listen(server)
}

const reach = (rest: string, stream = rest, timeoutMs = 5_000): Promise<boolean> =>
  isBinanceMarketReachable({ restUrl: `http://${rest}`, streamUrl: `ws://${stream}` }, timeoutMs)

describe('whether the market of a venue can be had', () => {
  it('is so where it answers and streams', async () => {
    expect(await reach(await serve(JSON_ANSWER), undefined, 60_000)).toBe(true)
  })

  it.each<[string, RequestListener]>([
    ['a sign-in page', (_request, answer) => answer.end('<html>Sign in</html>')],
    ['an empty answer', (_request, answer) => answer.end()],
    ['a list of nothing', (_request, answer) => answer.end('null')],
    ['a country that is shut out', (_request, answer) => answer.writeHead(451).end('{}')],
    ['a firewall', (_request, answer) => answer.writeHead(403).end('<html>denied</html>')],
    [
      'a way to somewhere else',
      (_request, answer) => answer.writeHead(302, { location: '/fapi/v1/time' }).end(),
    ],
  ])('is not so for %s', async (_what, listener) => {
    expect(await reach(await serve(listener))).toBe(false)
  })

  it('is not so where streams are not let through', async () => {
    expect(await reach(await serve(JSON_ANSWER, false))).toBe(false)
  })

  it('is not so where nobody is', async () => {
    expect(await reach('127.0.0.1:9')).toBe(false)
    expect(await reach('no-such-host.invalid')).toBe(false)
  })

  it.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['never ends its answer', (_request, answer) => void answer.writeHead(200).write('{')],
  ])('is not waited for from one that %s', async (_what, listener) => {
    expect(await reach(await serve(listener), undefined, 200)).toBe(false)
  })

  it('is not waited for on a half-open network', async () => {
    const silent = await listen(createTcpServer(() => undefined))
    expect(await reach(silent, silent, 200)).toBe(false)
    expect(await reach(await serve(JSON_ANSWER), silent, 200)).toBe(false)
  })
})
