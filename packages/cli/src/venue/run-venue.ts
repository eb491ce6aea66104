import { type SimulatedVenue, VenuePacer, startVenueServer } from '@tapedeck/venue-simulator'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals, type StopSignals } from '../stop-signals.ts'
import { say, type Terminal } from '../terminal/index.ts'
import { announceVenue } from './announce-venue.ts'
import { openVenue, type OpenedVenue } from './open-venue.ts'
import type { VenueCommand } from './venue-command.ts'

const PROBLEMS_SAID_MAX = 20

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

/** Serves until Ctrl-C; then connections are closed, and the state is written once more. */
const serve = async (
  terminal: Terminal,
  command: VenueCommand,
  { venue, keys, market, keep }: OpenedVenue,
  signals: StopSignals,
): Promise<void> => {
  await keep(problemTeller(terminal))
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
}

/** Runs a venue until Ctrl-C: then the exit code is 0. */
export const runVenue = async (terminal: Terminal, command: VenueCommand): Promise<number> => {
  const signals = catchStopSignals(() => say(terminal, 'Stopping.'))
  try {
    const opened = await openVenue(command, terminal.env)
    try {
      await serve(terminal, command, opened, signals)
    } finally {
      await opened.close()
    }
    return EXIT.OK
  } finally {
    signals.release()
  }
}
