import { describe, expect, it } from '@jest/globals'
import { type FetchLike, NotSent } from '@tapedeck/venue'
import { fencedFetch } from './fenced-fetch.ts'

const answer = { status: 200, statusText: 'OK', headers: new Headers(), text: async () => '{}' }

const ask = async (method: string, path: string, mayAct: boolean): Promise<string[]> => {
  const sent: string[] = []
  const fetch: FetchLike = (url) => {
    sent.push(url)
    return Promise.resolve(answer)
  }
  const request = { method, headers: {}, signal: AbortSignal.abort(), redirect: 'error' } as const
  await fencedFetch(fetch, () => mayAct)(`http://venue/fapi/v1/${path}`, request).catch(
    (error: unknown) => {
      expect(error).toBeInstanceOf(NotSent)
    },
  )
  return sent
}

describe('without the lease', () => {
  it.each([
    ['POST', 'order', 0],
    ['POST', 'algoOrder', 0],
    ['DELETE', 'order', 0],
    ['POST', 'leverage', 0],
    ['GET', 'order', 1],
    ['PUT', 'listenKey', 1],
  ] as const)('%s %s: %i sent', async (method, path, sent) => {
    expect(await ask(method, path, false)).toHaveLength(sent)
    expect(await ask(method, path, true)).toHaveLength(1)
  })
})
