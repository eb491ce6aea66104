/**
 * Version of the snapshot's fields. Fields added: minor. Fields removed, renamed or measured in another
 * way: major. Recorded in every setup event; training data are never pooled across versions.
 */
export const FEATURE_SCHEMA_VERSION = '1.2.0'

/** Every version of the snapshot, oldest first, with what it added. */
export const FEATURE_SCHEMA_HISTORY = [
  { version: '1.0.0', added: 'prices, means, bands, oscillators, channels, volume and volatility' },
  { version: '1.1.0', added: 'Fibonacci levels, expansion and contraction ratios' },
  {
    version: '1.2.0',
    added: '15 candlestick fields, 13 fields of the higher timeframe (UTC days)',
  },
] as const

/**
 * Version of the rules that turn bars into setup events. Raised with every change that gives other
 * events for the same bars and configuration; recorded in every setup event.
 */
export const ENGINE_SEMVER = '0.5.0'
