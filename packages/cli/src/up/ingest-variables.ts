import { recordingPaths } from '../playback/index.ts'
import type { UpOptions } from './run-up.ts'

/** Which venue's public data ingest takes, and where: for spot, for another network, for a simulated venue. */
const VENUE_VARIABLES = /^(TAPEDECK_BINANCE_\w+|TAPEDECK_SOURCE_VENUE)$/

/**
 * What ingest plays, as its variables; where the venue is comes from this process's own. At full speed the
 * services take turns, or they would decide late.
 */
export const ingestVariables = (
  options: Pick<UpOptions, 'source' | 'files' | 'speed' | 'symbol' | 'seed'>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> => {
  const venue = Object.entries(environment).filter(
    (entry): entry is [string, string] => VENUE_VARIABLES.test(entry[0]) && entry[1] !== undefined,
  )
  return {
    ...Object.fromEntries(venue),
    TAPEDECK_SOURCE: options.source,
    ...(options.source === 'recording'
      ? {
          TAPEDECK_SOURCE_FILES: JSON.stringify(recordingPaths(options.files)),
          TAPEDECK_SOURCE_SPEED: options.speed,
          TAPEDECK_SOURCE_LOCKSTEP: String(options.speed === 'max'),
        }
      : {}),
    ...(options.symbol === undefined ? {} : { TAPEDECK_SOURCE_SYMBOL: options.symbol }),
    ...(options.seed === undefined ? {} : { TAPEDECK_SOURCE_SEED: options.seed }),
  }
}
