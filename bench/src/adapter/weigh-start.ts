/**
 * `node --expose-gc weigh-start.ts nothing | adapter | ccxt`: answers its parent with how long it took to
 * load that, and what the process weighs then.
 */
const loads: Readonly<Record<string, () => Promise<unknown>>> = {
  nothing: () => Promise.resolve(),
  adapter: async () => await import('@tapedeck/venue'),
  ccxt: async () => {
    const { createBinanceMarket } = await import('@tapedeck/venue')
    return await createBinanceMarket({
      network: { restUrl: 'http://127.0.0.1:9', streamUrl: 'ws://127.0.0.1:9' },
    })
  },
}

const begin = performance.now()
const kept = await loads[process.argv[2]!]!()
const ms = performance.now() - begin
globalThis.gc?.()
process.send?.({ ms, bytes: process.memoryUsage.rss(), kept: kept !== undefined })
process.disconnect()
