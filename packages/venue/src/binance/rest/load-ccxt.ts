import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { CallName, CallParameters } from './calls.ts'
import type { FetchAnswer } from './fetch-like.ts'

/** What of ccxt is used: signing, encoding, and its names of the venue's calls. */
export type UsdmApi = Record<CallName, (parameters: CallParameters) => Promise<unknown>> & {
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

type UsdmClass = new (options: object) => UsdmApi

/**
 * ccxt's class of this venue, by its file: loading all hundred venues takes 50 MB and thrice the time
 * (binance-ccxt-facts §4.1).
 */
export const loadUsdm = async (): Promise<UsdmClass> => {
  // Resolves to `<ccxt>/dist/ccxt.cjs`; its map of exports hides the file that is wanted.
  const main = createRequire(import.meta.url).resolve('ccxt')
  const file = join(main, '..', '..', 'js', 'src', 'binanceusdm.js')
  const module = (await import(pathToFileURL(file).href)) as { default: UsdmClass }
  return module.default
}
