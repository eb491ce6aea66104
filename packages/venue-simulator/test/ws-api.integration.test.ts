import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { WebSocket } from 'ws'
import { parsePlannedFault } from '../src/index.ts'
import { TestVenue, until } from './support/test-venue.ts'

type Answer = { readonly id: unknown; readonly status: number; readonly error?: { code: number } }

let venue: TestVenue
const sockets: WebSocket[] = []
beforeEach(async () => {
  venue = await new TestVenue().start()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await venue.stop()
})

const dial = (path: string): WebSocket => {
  const socket = new WebSocket(`${venue.streamUrl}${path}`)
  sockets.push(socket)
  return socket
}
const connect = async (path = '/ws-fapi/v1'): Promise<{ socket: WebSocket; heard: Answer[] }> => {
  const socket = dial(path)
  const heard: Answer[] = []
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString('utf8')) as Answer))
  await once(socket, 'open')
  return { socket, heard }
}
/** The status by which a handshake is refused. */
const refusal = async (path: string): Promise<number> => {
  const socket = dial(path)
  socket.on('error', () => undefined)
  const [, { statusCode }] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ]
  return statusCode
}

describe('the WebSocket API on a socket', () => {
  it('answers many at once, each by its id', async () => {
    const { socket, heard } = await connect('/ws-fapi/v1?returnRateLimits=false')
    const ids = Array.from({ length: 200 }, (_, index) => index)
    for (const id of ids) socket.send(JSON.stringify({ id, method: 'ping' }))
    await until(() => heard.length === ids.length)
    expect(heard.map(({ id }) => id)).toEqual(ids)
    expect(heard[0]).toEqual({ id: 0, status: 200, result: {} })
  })

  it.each<[string, string, unknown, number, number]>([
    ['no JSON', 'hello', null, 400, -1135],
    ['half a frame', '{"id":1,"method":"time"', null, 400, -1135],
    ['bytes that are no UTF-8 text', String.fromCodePoint(0), null, 400, -1135],
    ['a list', '[{"id":1,"method":"time"}]', null, 400, -1135],
    ['a subscription', '{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}', 1, 400, -1130],
    ['a listing', '{"method":"LIST_SUBSCRIPTIONS","id":3}', 3, 404, -5000],
    ['no method', '{"id":"x"}', 'x', 400, -1102],
    ['no id', '{"method":"time"}', null, 400, -1102],
    ['a long frame', `{"id":1,"method":"${'m'.repeat(100_000)}"}`, null, 400, -1135],
  ])('is sent %s, says so and goes on', async (_name, text, id, status, code) => {
    const { socket, heard } = await connect()
    socket.send(text)
    await until(() => heard.length === 1)
    expect(heard[0]).toMatchObject({ id, status, error: { code } })
    socket.send('{"id":"next","method":"time"}')
    await until(() => heard.length === 2)
    expect(heard[1]).toMatchObject({ id: 'next', status: 200 })
  })

  it.each<[string, Buffer | string, number]>([
    ['binary frames', Buffer.from('{"id":1,"method":"ping"}'), 1008],
    ['a frame longer than any', 'x'.repeat(200_000), 1009],
  ])('ends on %s', async (_name, data, code) => {
    const { socket } = await connect()
    socket.send(data)
    expect((await once(socket, 'close'))[0]).toBe(code)
    await until(() => venue.venue.connections === 0)
  })

  it.each([
    ['/ws-fapi', 404],
    ['/ws-fapi/v2', 404],
    ['/ws-fapi/v1/', 404],
  ])('is not at %s', async (path, status) => {
    expect(await refusal(path)).toBe(status)
  })

  it('is nothing over HTTP, sessions neither', async () => {
    for (const path of ['/ws-fapi/v1', '/ws-fapi/v1/session.status']) {
      const answer = await fetch(`${venue.restUrl}${path}`)
      expect(answer.status).toBe(404)
    }
  })

  it('counts handshakes against the weight of REST, and refuses them', async () => {
    await connect()
    const ping = await fetch(`${venue.restUrl}/fapi/v1/ping`)
    expect(ping.headers.get('x-mbx-used-weight-1m')).toBe('6')
    for (let weight = 0; weight < 2400; weight += 20)
      await fetch(`${venue.restUrl}/fapi/v1/depth?symbol=BTCUSDT&limit=1000`)
    expect(await refusal('/ws-fapi/v1')).toBe(429)
  })

  it('lets a client go that has an answer coming', async () => {
    const late = parsePlannedFault(
      { fault: { kind: 'latency', low_ms: 50, high_ms: 50 }, when: { kind: 'always' } },
      'a fault',
    )
    venue.venue.faults.add(late, venue.venue.time)
    const { socket, heard } = await connect()
    socket.send('{"id":1,"method":"ping"}')
    socket.send('{"id":2,"method":"ping"}')
    await until(() => heard.length === 2)
    socket.send('{"id":3,"method":"ping"}')
    socket.terminate()
    await until(() => venue.venue.connections === 0)
    const due = venue.venue.time + 100
    await until(() => venue.venue.time > due)
    expect(heard).toHaveLength(2)
  })
})
