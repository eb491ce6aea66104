import { Agent, request } from 'node:http'
import { WebSocket } from 'ws'
import { percentile } from '../measure/statistics.ts'
import { API_KEY, canceling, resting, signedText } from './venue-under-test.ts'

const CYCLES = 300
export const LISTENERS = 40

export interface RequestFigures {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const ask = async (agent: Agent, url: string, method: string): Promise<void> =>
  await new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers: { 'X-MBX-APIKEY': API_KEY } }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) resolve()
        else reject(new Error(`${method} was answered with ${answer.statusCode}`))
      })
    })
    sent.on('error', reject)
    sent.end()
  })

let made = 0

/** One client that places an order, cancels it, and so on, one request at a time on one connection. */
export const measureRequests = async (base: string, time: number): Promise<RequestFigures> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const latencies: number[] = []
  const start = performance.now()
  for (let i = 0; i < CYCLES; i++) {
    const id = `h${made++}`
    for (const [method, parameters] of [
      ['POST', resting(id)],
      ['DELETE', canceling(id)],
    ] as const) {
      const at = performance.now()
      await ask(agent, `${base}/fapi/v1/order?${signedText(parameters, time)}`, method)
      latencies.push(performance.now() - at)
    }
  }
  const seconds = (performance.now() - start) / 1000
  agent.destroy()
  return {
    perSecond: (2 * CYCLES) / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  }
}

/** Messages a second that all listeners together receive, from the first to the last. */
export const measureFanOut = async (
  url: string,
  messages: number,
  begin: () => Promise<void>,
): Promise<number> => {
  const sockets = await Promise.all(
    Array.from({ length: LISTENERS }, async () => {
      const socket = new WebSocket(url, { perMessageDeflate: false })
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      return socket
    }),
  )
  let received = 0
  const all = new Promise<void>((resolve, reject) => {
    for (const socket of sockets) {
      socket.on('message', () => {
        if (++received === LISTENERS * messages) resolve()
      })
      socket.once('close', () => reject(new Error('a listener was cut off')))
    }
  })
  const start = performance.now()
  await begin()
  await all
  const seconds = (performance.now() - start) / 1000
  for (const socket of sockets) socket.removeAllListeners().terminate()
  return received / seconds
}
