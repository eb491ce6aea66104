import type { pro } from 'ccxt'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** ccxt's client of this venue, REST and streams. */
export type Ccxt = InstanceType<typeof pro.binanceusdm>
type CcxtClass = new (options: object) => Ccxt

/** The class by its file, of USD-M futures alone or, as `binance`, of all of the venue: loading a hundred venues would take longer than the tests. */
export const loadCcxt = async (name = 'binanceusdm'): Promise<CcxtClass> => {
  const main = createRequire(import.meta.url).resolve('ccxt')
  const file = join(main, '..', '..', 'js', 'src', 'pro', `${name}.js`)
  return ((await import(pathToFileURL(file).href)) as { default: CcxtClass }).default
}
