import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createHealth, systemClock } from '../src/index.ts'
import { bearer, demoRoutes, serverOf } from './support/demo-server.ts'

const health = createHealth(systemClock)
const server = serverOf(demoRoutes, { health })
let url: string
beforeAll(async () => {
  url = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => server.close())

/** Sends bytes on a socket of their own and gives all that comes back until the end. */
const sendRaw = (bytes: string | Uint8Array): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.end(bytes)
  })

const headAndBody = (answer: string): [string, string] => {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  return [head, body]
}

describe('on a real socket', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['headers too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      400,
    ],
    [
      'smuggling',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no host', 'GET /nope HTTP/1.1\r\nConnection: close\r\n\r\n', 404],
  ])('%s is answered with a problem', async (_what, bytes, status) => {
    const [head, body] = headAndBody(await sendRaw(bytes))
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head.toLowerCase()).toContain('content-type: application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ status, trace_id: expect.any(String) })
  })

  it('any bytes leave it alive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await sendRaw(bytes)).not.toContain('HTTP/1.1 5')
      }),
      { numRuns: 50 },
    )
    expect((await fetch(`${url}/live`)).status).toBe(200)
  })

  it('a port that is taken is said so', async () => {
    const second = serverOf(demoRoutes)
    const port = Number(new URL(url).port)
    await expect(second.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
    })
    await second.close()
  })

  it('while stopping finishes what runs, refuses what is new, then is gone', async () => {
    const own = createHealth(systemClock)
    const gate = Promise.withResolvers<void>()
    const inside = Promise.withResolvers<void>()
    const slow = serverOf(
      (app) => {
        demoRoutes(app)
        app.get(
          '/v1/slow',
          { config: { access: 'viewer' }, schema: { summary: 'Wait' } },
          async () => {
            inside.resolve()
            await gate.promise
            return { done: true }
          },
        )
      },
      { health: own },
    )
    const address = await slow.listen({ host: '127.0.0.1', port: 0 })
    const headers = { authorization: bearer.viewer }
    const running = fetch(`${address}/v1/slow`, { headers })
    await inside.promise
    own.drain()
    const refused = await fetch(`${address}/v1/things`, { headers })
    expect([refused.status, (await fetch(`${address}/ready`)).status]).toEqual([503, 503])
    expect((await fetch(`${address}/live`)).status).toBe(200)
    const closing = slow.close()
    gate.resolve()
    expect(await (await running).json()).toEqual({ done: true })
    await closing
    await expect(fetch(`${address}/live`)).rejects.toThrow('fetch failed')
  })
})
