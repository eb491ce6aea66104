import { join, resolve } from 'node:path'
import { TapedeckError, type TradingConfig } from '@tapedeck/contracts'
import type { Environment } from '@tapedeck/runtime'
import { venueOf } from './order-venue.ts'
import type { UpOptions } from './run-up.ts'

type VenueOptions = Pick<
  UpOptions,
  'venue' | 'source' | 'seed' | 'configPath' | 'dataDir' | 'faults' | 'faultSeed' | 'stateFolder'
>

/** Who asked for it: the command line, or the trading configuration. */
const askedBy = ({ venue: named, configPath }: VenueOptions, venue: string): string =>
  named === undefined ? `execution.venue of ${configPath}` : `--venue ${venue}`

/** Options of the simulated venue, where there is none or where they name nothing. */
const simulatorProblem = (options: VenueOptions, venue: string): string | null => {
  const { faults, faultSeed, stateFolder, dataDir } = options
  const [given] = [
    faults === null ? [] : ['--faults'],
    faultSeed === null ? [] : ['--seed-faults'],
    stateFolder === null ? [] : ['--state'],
  ].flat()
  if (given !== undefined && venue !== 'simulator') {
    const where = venue === 'paper' ? 'orders go to paper' : `${askedBy(options, venue)} is none`
    return `${given} is of a simulated venue, and ${where}: leave it out, or add --venue simulator`
  }
  if (faultSeed !== null && faults === null)
    return '--seed-faults is the seed of what goes wrong, and nothing does: add --faults, or leave it out'
  return stateFolder !== null && resolve(stateFolder) === resolve(dataDir)
    ? `--state ${stateFolder} is the data folder of the session: name another one, such as ${join(stateFolder, 'venue')}`
    : null
}

const problemOf = (
  options: VenueOptions,
  trading: TradingConfig,
  env: Environment,
): string | null => {
  const { source, seed } = options
  const venue = venueOf(options, trading)
  const simulator = simulatorProblem(options, venue)
  if (simulator !== null) return simulator
  const asked = askedBy(options, venue)
  if (venue === 'paper')
    return source === 'live' && seed !== undefined
      ? '--seed makes the generated market, and --source live plays none: leave one of them out'
      : null
  if (source !== 'auto' && source !== 'live')
    return `${asked} trades on the market of the venue: leave out --source ${source}, or trade it on paper with --venue paper`
  if (venue === 'binance' && seed !== undefined)
    return `${asked} trades on a real market, which has no seed: leave out --seed, or take --venue simulator`
  if (env['TAPEDECK_SOURCE_VENUE'] === 'binance-spot')
    return `${asked} trades USD-M futures, and TAPEDECK_SOURCE_VENUE is binance-spot: leave it out, or trade spot on paper with --venue paper`
  return null
}

/** Refuses options of a session that contradict each other. Throws CONFIG_INVALID, with what to do instead. */
export const checkVenueOptions = (
  options: VenueOptions,
  trading: TradingConfig,
  env: Environment,
): void => {
  const problem = problemOf(options, trading, env)
  if (problem !== null) throw new TapedeckError('CONFIG_INVALID', problem)
}
