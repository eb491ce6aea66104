import type { Bus } from '@tapedeck/bus'
import type { VenueSnapshot } from '@tapedeck/core'
import {
  type VenueResult,
  createPaperQueries,
  lookAtVenue,
  unknown,
  venueSubject,
} from '@tapedeck/venue'
import type { Looking } from './looking-brain.ts'

const PAPER_MS_MAX = 2_000
/** A live venue is asked by REST, several questions a look. */
const REMOTE_MS_MAX = 10_000

const textOf = (error: unknown): string => (Error.isError(error) ? error.message : String(error))

/** The paper venue is inside execution: its books come whole, and are narrowed here. */
export const lookOnPaper = (bus: Pick<Bus, 'request'>, account: string): Looking['look'] => {
  const books = async (): Promise<VenueSnapshot> => {
    const answer = await bus.request(venueSubject(account), new Uint8Array(), PAPER_MS_MAX)
    return JSON.parse(new TextDecoder().decode(answer)) as VenueSnapshot
  }
  return async (venue, symbols, since) =>
    await lookAtVenue(createPaperQueries(venue, books), symbols, since)
}

/** Execution alone has keys: it looks at the venue for us. */
export const lookByAdapter =
  (bus: Pick<Bus, 'request'>, account: string): Looking['look'] =>
  async (_venue, symbols, since) => {
    try {
      const question = new TextEncoder().encode(JSON.stringify({ symbols, since }))
      const answer = await bus.request(venueSubject(account), question, REMOTE_MS_MAX)
      return JSON.parse(new TextDecoder().decode(answer)) as VenueResult<VenueSnapshot>
    } catch (error) {
      return unknown(`execution did not answer for the venue: ${textOf(error)}`)
    }
  }
