import { join } from 'node:path'
import { type Message, type TradingConfig, isType } from '@tapedeck/contracts'
import { type BenchmarkResult, type Figure, atMost, figure, sampleOf } from '../measure/figure.ts'
import { percentile } from '../measure/statistics.ts'
import { waitUntil } from '../stack/wait-until.ts'
import { withFolder } from '../stack/with-folder.ts'
import { withStack } from '../stack/with-stack.ts'
import { bareChain } from './bare-chain.ts'
import { MEASURED_FROM, TRADES_A_SECOND, busyConfig, writeBusyMarket } from './busy-market.ts'
import { type Chains, followCauses } from './follow-causes.ts'

const TRADES_A_WALL_SECOND = 2_000
const SPEED = Math.round(TRADES_A_WALL_SECOND / TRADES_A_SECOND)
const WARM_UP_SPEED = 3_000
const RUN_MS_MAX = 90_000
const BARE_SECONDS = 10

const play = async (
  folder: string,
  trading: TradingConfig,
): Promise<Chains & { readonly bare: readonly number[] }> => {
  const file = join(folder, 'busy.ws.gz')
  await writeBusyMarket(file, trading)
  const options = (speed: number) => ({
    folder,
    configPath: busyConfig(folder, trading),
    ingest: {
      TAPEDECK_SOURCE: 'recording',
      TAPEDECK_SOURCE_FILES: JSON.stringify([file]),
      TAPEDECK_SOURCE_SPEED: String(speed),
    },
  })
  await withStack(options(WARM_UP_SPEED), async ({ bus }) => {
    await waitUntil('the end of the warm-up', RUN_MS_MAX, async () => {
      const decoded = (await bus.tape.lastOf('tape.market.clock.>'))?.decoded()
      const message = decoded?.ok === true ? (decoded.envelope as Message) : null
      return message !== null &&
        isType(message, 'market.clock') &&
        message.payload.at >= MEASURED_FROM
        ? true
        : null
    })
  })
  return await withStack(options(SPEED), async ({ bus, servers }) => {
    const after = await bus.tape.lastSeq()
    await waitUntil(
      'the end of the run',
      RUN_MS_MAX,
      async () => await bus.tape.lastOf('tape.market.run.ended.>'),
    )
    // The services are at rest by now.
    const chains = await followCauses(bus, after)
    if (chains.entered.length === 0)
      throw new Error('no signal of the busy market was approved: it needs another seed')
    return { ...chains, bare: await bareChain(servers, BARE_SECONDS) }
  })
}

const percentiles = (
  name: string,
  ours: readonly number[],
  bare: readonly number[] | null,
  [p50, p99]: readonly [number, number],
): Figure[] =>
  (
    [
      [0.5, p50],
      [0.99, p99],
    ] as const
  ).map(([fraction, budget]) => {
    const at = `p${fraction * 100}`
    return figure({
      name: `${name}, ${at}`,
      unit: 'ms',
      ours: sampleOf(`${ours.length} chains`, [percentile(ours, fraction)]),
      ...(bare === null
        ? {}
        : { bare: sampleOf(`${bare.length} bare chains`, [percentile(bare, fraction)]) }),
      budget: atMost(budget, 'ms'),
    })
  })

/** From a trade to the order that it led to, through all services in one process, at 2,000 trades a second. */
export const measureLatency = async (trading: TradingConfig): Promise<BenchmarkResult> => {
  const { decided, entered, ordered, bare } = await withFolder(
    async (folder) => await play(folder, trading),
  )
  return {
    name: 'latency',
    figures: [
      ...percentiles('trade to entry order, 4 hops and a commit', entered, bare, [8, 20]),
      ...percentiles('trade to risk decision, 3 hops', decided, null, [8, 20]),
      ...percentiles('trade to any order (stops, exits)', ordered, null, [8, 20]),
    ],
    notes: [
      `played at ${SPEED} times real time, ${TRADES_A_WALL_SECOND} trades/s of wall time; batches are closed by the next second of market time, so the 5 ms that a live batch may wait are not in it`,
    ],
  }
}
