import { unknown, type VenueResult } from '../port/venue-result.ts'

/** An adapter does not throw; should it all the same, the outcome is as unknown as any. */
export const askVenue = async <T>(ask: () => Promise<VenueResult<T>>): Promise<VenueResult<T>> => {
  try {
    return await ask()
  } catch (error) {
    return unknown(`the adapter failed: ${error instanceof Error ? error.message : String(error)}`)
  }
}
