import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'

interface Span {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
}
interface Export {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: { key: string; value: { stringValue?: string } }[] }
    readonly scopeSpans: { readonly spans: Span[] }[]
  }[]
}

/** Takes what is exported over HTTP, as a collector does. */
const exports: Export[] = []
let collector: Server
beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      if (request.url === '/v1/traces') exports.push(JSON.parse(body) as Export)
      response.setHeader('content-type', 'application/json')
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve)
  })
})
afterAll(() => {
  collector.closeAllConnections()
  collector.close()
})

const runTraced = async (env: Record<string, string>): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', path('../src/telemetry/register.ts'), path('./support/traced-fixture.ts')],
    { env: { PATH: process.env['PATH'], ...env } },
  )
  return (JSON.parse(stdout) as { downstream: string }).downstream
}

describe('telemetry', () => {
  it('joins request, work and onward call to one trace, and sends it before the process ends', async () => {
    const { port } = collector.address() as AddressInfo
    const downstream = await runTraced({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_SERVICE_NAME: 'demo',
    })
    const resources = exports.flatMap((item) => item.resourceSpans)
    const spans = resources.flatMap((item) => item.scopeSpans).flatMap((scope) => scope.spans)
    const server = spans.find((span) => span.name === 'POST /v1/chain')
    const call = spans.find((span) => span.name === 'call downstream')
    expect(server).toMatchObject({ traceId: TRACE, parentSpanId: '00f067aa0ba902b7' })
    expect(call).toMatchObject({ traceId: TRACE, parentSpanId: server?.spanId })
    expect(downstream).toBe(`00-${TRACE}-${call?.spanId}-01`)
    expect(resources[0]?.resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'demo' },
    })
  })

  it('without a collector traces nothing and keeps nobody waiting', async () => {
    exports.length = 0
    expect(await runTraced({})).toBe('none')
    expect(exports).toEqual([])
  })

  it('with a collector that is away the process ends all the same', async () => {
    const downstream = await runTraced({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
    expect(downstream).toContain(TRACE)
  })
})
