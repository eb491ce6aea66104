import { loadTradingConfig } from '@tapedeck/runtime'
import { measureAdapter } from './adapter/measure-adapter.ts'
import { measureBars } from './bars/measure-bars.ts'
import { measureBrain } from './brain/measure-brain.ts'
import { measureDatabase } from './database/measure-database.ts'
import { measureFarm } from './farm/measure-farm.ts'
import { measureIngest } from './ingest/measure-ingest.ts'
import { measureLatency } from './latency/measure-latency.ts'
import type { BenchmarkResult } from './measure/figure.ts'
import { measureMemory } from './memory/measure-memory.ts'
import { CONFIG_PATH } from './stack/with-stack.ts'
import { measureTape } from './tape/measure-tape.ts'
import { measureVenue } from './venue/measure-venue.ts'

/** What can be measured, by name, in the order in which it is. */
export const BENCHMARKS: Readonly<Record<string, () => Promise<BenchmarkResult>>> = {
  brain: async () => await measureBrain(loadTradingConfig(CONFIG_PATH)),
  tape: measureTape,
  farm: async () => await measureFarm(loadTradingConfig(CONFIG_PATH)),
  bars: measureBars,
  ingest: measureIngest,
  adapter: measureAdapter,
  latency: async () => await measureLatency(loadTradingConfig(CONFIG_PATH)),
  memory: measureMemory,
  database: measureDatabase,
  venue: measureVenue,
}
