import { isType } from '@tapedeck/contracts'
import { type Metrics, type OutputObserver, defineMetrics } from '@tapedeck/runtime'

const ON = ['venue', 'symbol'] as const

/** What orderflow measures about its own measuring. */
export const METRICS = defineMetrics({
  absorptions: {
    type: 'counter',
    name: 'tapedeck_absorption_episodes_total',
    help: 'Absorption episodes that began, by the side whose aggression failed',
    labels: [...ON, 'side'],
  },
  traps: {
    type: 'counter',
    name: 'tapedeck_traps_confirmed_total',
    help: 'Traps confirmed, by the side that is caught',
    labels: [...ON, 'side'],
  },
  divergences: {
    type: 'counter',
    name: 'tapedeck_divergences_total',
    help: 'Disagreements of price and CVD',
    labels: [...ON, 'divergence'],
  },
  deltaRatio: {
    type: 'gauge',
    name: 'tapedeck_delta_ratio',
    help: 'Delta over volume of a window, -1 to 1, as it was last measured',
    labels: [...ON, 'window'],
  },
  tainted: {
    type: 'gauge',
    name: 'tapedeck_measures_tainted',
    help: '1 while a window still touches a hole in the data, else 0',
    labels: ON,
  },
})

/** Follows what is appended. Gauges follow every output, counters the new ones. */
export const observeOutputs = (metrics: Metrics): OutputObserver => {
  const made = metrics.register(METRICS)
  return (message, { isNew }) => {
    if (isType(message, 'orderflow.measures')) {
      const { venue, symbol, at, delta_ratio, tainted_until } = message.payload
      for (const [window, ratio] of Object.entries(delta_ratio))
        made.deltaRatio.set({ venue, symbol, window }, ratio)
      made.tainted.set({ venue, symbol }, tainted_until !== null && tainted_until > at ? 1 : 0)
    }
    if (!isNew) return
    if (isType(message, 'orderflow.absorption.started')) {
      const { venue, symbol, side } = message.payload
      made.absorptions.inc({ venue, symbol, side })
    } else if (isType(message, 'orderflow.trap.confirmed')) {
      const { venue, symbol, trapped_side: side } = message.payload
      made.traps.inc({ venue, symbol, side })
    } else if (isType(message, 'orderflow.divergence.detected')) {
      const { venue, symbol, divergence } = message.payload
      made.divergences.inc({ venue, symbol, divergence })
    }
  }
}
