import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { CallName, CallParameters } from './calls.ts'
import type { FetchAnswer } from './fetch-like.ts'
import type { RestApi } from './rest-api.ts'

/** What of ccxt is used: signing, encoding, and its names of the venue's calls. */
export type CcxtApi = Record<CallName, (parameters: CallParameters) => Promise<unknown>> & {
  apiKey: string
  secret: string
  enableRateLimit: boolean
  timeout: number
  userAgent: string
  options: Record<string, unknown>
  fetchImplementation: (
    url: string,
    request: { method: string; headers: Record<string, string>; body?: string },
  ) => Promise<FetchAnswer>
  nonce: () => number
  handleErrors: (
    status: number,
    statusText: string,
    url: string,
    method: string,
    headers: object,
    body: string,
    json: unknown,
  ) => unknown
  loadProxyModules: () => Promise<void>
  loadFetchImplementation: () => Promise<void>
}

type CcxtClass = new (options: object) => CcxtApi

/**
 * ccxt's class of a venue, by its file: loading all hundred venues takes 50 MB and thrice the time
 * (binance-ccxt-facts §4.1).
 */
export const loadCcxt = async ({ file }: Pick<RestApi, 'file'>): Promise<CcxtClass> => {
  // Resolves to `<ccxt>/dist/ccxt.cjs`; its map of exports hides the file that is wanted.
  const main = createRequire(import.meta.url).resolve('ccxt')
  const path = join(main, '..', '..', 'js', 'src', file)
  const module = (await import(pathToFileURL(path).href)) as { default: CcxtClass }
  return module.default
}
