import type { VenueCommand } from './venue-command.ts'
import { otherOptions, type VenueState, type VenueStateFacts } from './venue-state-file.ts'

/** A state that is gone on with, and what the venue's clock says then. */
export interface ResumedVenue extends VenueState {
  readonly at: number
}

const DEFAULT_SYMBOL = 'BTCUSDT'

/** What a run without a state of its own lists. */
export const symbolsOf = ({ symbols }: VenueCommand): readonly string[] =>
  symbols.length === 0 ? [DEFAULT_SYMBOL] : [...new Set(symbols)]

const moment = (time: number | null): string =>
  time === null ? 'no --start' : `--start ${new Date(time).toISOString()}`

/** What the state says that this command does not; null when they agree. */
const difference = (command: VenueCommand, facts: VenueStateFacts): string | null => {
  if (command.seed !== facts.seed) return `--seed ${facts.seed}, and this is --seed ${command.seed}`
  if (command.market !== facts.market)
    return `--market ${facts.market}, and this is --market ${command.market}`
  const named = [...new Set(command.symbols)]
  const isSame = named.toSorted().join() === facts.symbols.toSorted().join()
  if (named.length > 0 && !isSame)
    return `--symbol ${facts.symbols.join(' ')}, and this is --symbol ${named.join(' ')}`
  return command.start !== null && command.start !== facts.start
    ? `${moment(facts.start)}, and this is ${moment(command.start)}`
    : null
}

/**
 * The moment at which a saved venue goes on: with a clock of its own (`--start`) where it stood, else now;
 * deadlines of the time between pass at once. Throws VENUE_STATE_INVALID when the command is another one's.
 */
export const resumeVenue = (
  folder: string,
  state: VenueState,
  command: VenueCommand,
  now: number,
): ResumedVenue => {
  const differs = difference(command, state.facts)
  if (differs !== null)
    throw otherOptions(folder, `the venue was started with ${differs}; pass the same`)
  const stood = state.venue.exchange.now
  return { ...state, at: state.facts.start === null ? Math.max(now, stood) : stood }
}
