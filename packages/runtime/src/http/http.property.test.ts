import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import {
  callerOf,
  demoRoutes,
  json,
  problemOf,
  serverOf,
  type Answer,
} from '../../test/support/demo-server.ts'

type Method = NonNullable<InjectOptions['method']>

const server = serverOf(demoRoutes)
const call = callerOf(server)
afterAll(() => server.close())

/** Not our fault, and told as a problem. A HEAD has no body to tell it in. */
const expectAnswered = (answer: Answer, method = 'POST'): void => {
  const problem = answer.statusCode < 400 || method === 'HEAD' ? null : problemOf(answer)
  expect(answer.statusCode).toBeLessThan(500)
  expect(problem?.code).not.toBe('INTERNAL')
}

describe('whatever is sent', () => {
  it('as a body, never makes a 500 and always a problem', async () => {
    const nearMiss = fc.record(
      { name: fc.anything(), price: fc.anything(), legs: fc.anything() },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), nearMiss, fc.object()), async (value) => {
        const payload =
          (JSON.stringify(value, (_key, item: unknown) =>
            typeof item === 'bigint' ? String(item) : item,
          ) as string | undefined) ?? ''
        expectAnswered(await call({ method: 'POST', url: '/v1/things', headers: json, payload }))
      }),
      { numRuns: 200 },
    )
  })

  it('as bytes of a body, too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expectAnswered(
          await call({
            method: 'POST',
            url: '/v1/things',
            headers: json,
            payload: Buffer.from(bytes),
          }),
        )
      }),
      { numRuns: 100 },
    )
  })

  it('as method, path, query and headers, too', async () => {
    const text = fc
      .string({ unit: 'binary-ascii', maxLength: 40 })
      .map((value) => value.replaceAll(/[\r\n\0]/g, ''))
    const printable = fc.string({ maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Method>(
          'GET',
          'HEAD',
          'POST',
          'PUT',
          'PATCH',
          'DELETE',
          'OPTIONS',
          'TRACE',
          'PROPFIND',
        ),
        fc.oneof(
          text.map((part) => `/v1/things/${encodeURI(part)}`),
          fc.webPath(),
          printable.map((part) => `/v1/things?${encodeURI(part)}`),
        ),
        fc.dictionary(
          fc.constantFrom(
            'if-match',
            'if-none-match',
            'authorization',
            'content-type',
            'x-request-id',
            'traceparent',
            'accept',
            'host',
          ),
          printable,
        ),
        async (method, url, headers) => {
          expectAnswered(await call({ method, url: url === '' ? '/' : url, headers }), method)
        },
      ),
      { numRuns: 300 },
    )
  })
})
