import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { EXIT } from '../exit-codes.ts'
import { ApiClient } from '../session/index.ts'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'
import { type TradingCommand, commandTrading } from './command-trading.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const HALT: TradingCommand = {
  command: 'halt',
  reason: "it's late",
  idempotencyKey: 'k-1',
  json: false,
}

const problem =
  (status: number, body: object): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify(body))
  }

describe("an operator's command", () => {
  let server: Server | null = null
  afterEach(() => void server?.close())

  const send = async (answer: Answer, command: TradingCommand = HALT) => {
    server = createServer(answer)
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const terminal = memoryTerminal()
    const sent = commandTrading(terminal, new ApiClient({ url, credential: () => 'key' }), command)
    return { terminal, sent }
  }
  it('is sent with its reason, its key and an idempotency key', async () => {
    const seen: Record<string, unknown> = {}
    const { sent, terminal } = await send((request, response) => {
      const { url, method, headers } = request
      Object.assign(seen, {
        url,
        method,
        key: headers['idempotency-key'],
        login: headers.authorization,
      })
      request.on('data', (chunk: Buffer) => Object.assign(seen, { body: chunk.toString('utf8') }))
      request.on('end', () => response.writeHead(202).end('{"command_id":"cmd-1"}'))
    })
    expect(await sent).toBe(EXIT.OK)
    expect(seen).toEqual({
      url: '/api/risk/v1/halt',
      method: 'POST',
      key: 'k-1',
      login: 'Bearer key',
      body: '{"reason":"it\'s late"}',
    })
    expect(terminal.stdout()).toMatch(/^cmd-1 /)
  })

  it.each<[string, Answer]>([
    ['the connection breaks', (request) => request.socket.destroy()],
    [
      'the gateway does not know whether risk has carried it out',
      problem(502, {
        code: 'UPSTREAM_UNAVAILABLE',
        detail: 'risk does not answer',
        outcome: 'unknown',
      }),
    ],
  ])('has an unknown outcome when %s, and can be sent again', async (_name, answer) => {
    const { sent, terminal } = await send(answer)
    expect(await sent).toBe(EXIT.UNKNOWN_OUTCOME)
    expect(terminal.stdout()).toBe('')
    expect(terminal.stderr()).toContain(
      String.raw`tapedeck halt --reason 'it'\''s late' --idempotency-key k-1`,
    )
  })

  it.each([
    ['STATE_CONFLICT', 409],
    ['INSUFFICIENT_ROLE', 403],
  ])('is a failure when it is refused: %s', async (code, status) => {
    const { sent } = await send(problem(status, { code, detail: 'no' }))
    await expect(sent).rejects.toMatchObject({ code, message: 'no' })
  })

  it('is a failure when nobody listens: nothing was sent', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const client = new ApiClient({ url: `http://127.0.0.1:${port}`, credential: () => 'key' })
    await expect(commandTrading(memoryTerminal(), client, HALT)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
  })
})
