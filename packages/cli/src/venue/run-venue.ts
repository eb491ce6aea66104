import { SimulatedVenue, VenuePacer, startVenueServer } from '@tapedeck/venue-simulator'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals, type StopSignals } from '../stop-signals.ts'
import { say, type Terminal } from '../terminal/index.ts'
import type { Claim } from '../session/index.ts'
import { announceVenue } from './announce-venue.ts'
import { openVenueMarket, type VenueMarket } from './open-venue-market.ts'
import { readFaultPlan } from './read-fault-plan.ts'
import { restoreVenue } from './restore-venue.ts'
import type { ResumedVenue } from './resume-venue.ts'
import { StateKeeper } from './state-keeper.ts'
import { admit, claimStateFolder, keysOf, readResumed } from './state-folder.ts'
import type { VenueCommand } from './venue-command.ts'
import type { PublicVenueKey } from './public-venue-key.ts'
import type { VenueKeys } from './venue-keys.ts'
import type { VenueStateFacts } from './venue-state-file.ts'

const PROBLEMS_SAID_MAX = 20

interface OpenedVenue {
  readonly venue: SimulatedVenue
  readonly keys: VenueKeys | PublicVenueKey
  readonly market: VenueMarket
  readonly resumed: ResumedVenue | null
  readonly signals: StopSignals
}

const openVenue = (
  command: VenueCommand,
  { source }: VenueMarket,
  env: Terminal['env'],
  resumed: ResumedVenue | null,
): SimulatedVenue => {
  const token = env['TAPEDECK_VENUE_CONTROL_TOKEN']
  const options = {
    source,
    seed: command.seed,
    ...(command.faults === null
      ? {}
      : { faultPlan: readFaultPlan(command.faults, command.faultSeed) }),
    ...(token === undefined ? {} : { controlToken: token }),
  }
  const venue =
    resumed === null ? new SimulatedVenue(options) : restoreVenue(command, resumed, options)
  venue.pace.speed = command.speed
  venue.pace.isPaused = command.paused
  return venue
}

/** Rejects when the venue cannot go on, resolves when it was told to stop. */
const runUntilStopped = async (
  terminal: Terminal,
  venue: SimulatedVenue,
  { signal }: StopSignals,
): Promise<void> => {
  await new Promise<void>((resolve, reject) => {
    const pacer = new VenuePacer({
      venue,
      onFailure: reject,
      onEnd: () => say(terminal, 'The market is over; the venue stays open without it.'),
    })
    const stop = (): void => {
      pacer.stop()
      resolve()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

const problemTeller = (terminal: Terminal): ((problem: string) => void) => {
  let said = 0
  return (problem) => {
    if (said++ < PROBLEMS_SAID_MAX) say(terminal, problem)
  }
}

const factsOf = (command: VenueCommand, venue: SimulatedVenue): VenueStateFacts => ({
  seed: command.seed,
  market: command.market,
  symbols: venue.exchange.instruments().map(({ symbol }) => symbol),
  start: command.start,
  faults: command.faults,
  fault_seed: command.faultSeed,
})

/** Keeps what the venue is from now on; null where nobody wants it kept. */
const keepState = async (
  terminal: Terminal,
  command: VenueCommand,
  venue: SimulatedVenue,
  resumed: ResumedVenue | null,
): Promise<StateKeeper | null> => {
  const { stateFolder: folder } = command
  if (folder === null) return null
  const facts = { ...factsOf(command, venue), start: resumed?.facts.start ?? command.start }
  const onProblem = problemTeller(terminal)
  const keeper = new StateKeeper({ folder, facts, venue, onProblem })
  await keeper.write()
  return keeper
}

/** Serves until Ctrl-C; then connections are closed, and the state is written once more. */
const serve = async (
  terminal: Terminal,
  command: VenueCommand,
  { venue, keys, market, resumed, signals }: OpenedVenue,
): Promise<void> => {
  const keeper = await keepState(terminal, command, venue, resumed)
  try {
    const { port, host } = command
    const onProblem = problemTeller(terminal)
    const server = await startVenueServer({ venue, port, host, onProblem })
    try {
      const symbols = venue.exchange.instruments().map(({ symbol }) => symbol)
      announceVenue(terminal, { server, keys, market: market.label, symbols, command })
      await runUntilStopped(terminal, venue, signals)
    } finally {
      venue.cutStreams('close')
      await server.stop()
    }
  } finally {
    await keeper?.stop()
  }
}

/** Runs a venue until Ctrl-C: then the exit code is 0. */
export const runVenue = async (terminal: Terminal, command: VenueCommand): Promise<number> => {
  const signals = catchStopSignals(() => say(terminal, 'Stopping.'))
  let market: VenueMarket | null = null
  let claim: Claim | null = null
  try {
    claim = command.stateFolder === null ? null : claimStateFolder(command.stateFolder)
    const resumed = readResumed(command)
    const keys = keysOf(command, terminal.env, resumed)
    market = await openVenueMarket(command, terminal.env, resumed)
    const venue = openVenue(command, market, terminal.env, resumed)
    admit(venue, command, keys)
    venue.advanceTo(resumed?.at ?? venue.time)
    await serve(terminal, command, { venue, keys, market, resumed, signals })
    return EXIT.OK
  } finally {
    await market?.stop()
    claim?.release()
    signals.release()
  }
}
