import { SimulatedVenue, VenuePacer, startVenueServer } from '@tapedeck/venue-simulator'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals, type StopSignals } from '../stop-signals.ts'
import { say, type Terminal } from '../terminal/index.ts'
import { announceVenue } from './announce-venue.ts'
import { openVenueMarket, type VenueMarket } from './open-venue-market.ts'
import { readFaultPlan } from './read-fault-plan.ts'
import type { VenueCommand } from './venue-command.ts'
import { venueKeys } from './venue-keys.ts'

const ACCOUNT = 'main'
const PROBLEMS_SAID_MAX = 20

const openVenue = (
  command: VenueCommand,
  { source }: VenueMarket,
  env: Terminal['env'],
): SimulatedVenue => {
  const token = env['TAPEDECK_VENUE_CONTROL_TOKEN']
  const venue = new SimulatedVenue({
    source,
    seed: command.seed,
    ...(command.faults === null
      ? {}
      : { faultPlan: readFaultPlan(command.faults, command.faultSeed) }),
    ...(token === undefined ? {} : { controlToken: token }),
  })
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

/** Runs a venue until Ctrl-C: then its connections are closed, and the exit code is 0. */
export const runVenue = async (terminal: Terminal, command: VenueCommand): Promise<number> => {
  const signals = catchStopSignals(() => say(terminal, 'Stopping.'))
  let market: VenueMarket | null = null
  try {
    const keys = venueKeys(command.keysFile, terminal.env)
    market = await openVenueMarket(command, terminal.env)
    const venue = openVenue(command, market, terminal.env)
    const { apiKey, secret } = keys
    venue.addAccount({ account: ACCOUNT, apiKey, secret, balance: command.balance })
    const { port, host } = command
    const server = await startVenueServer({
      venue,
      port,
      host,
      onProblem: problemTeller(terminal),
    })
    try {
      const symbols = venue.exchange.instruments().map(({ symbol }) => symbol)
      announceVenue(terminal, { server, keys, market: market.label, symbols, command })
      await runUntilStopped(terminal, venue, signals)
    } finally {
      venue.cutStreams('close')
      await server.stop()
    }
    return EXIT.OK
  } finally {
    await market?.stop()
    signals.release()
  }
}
