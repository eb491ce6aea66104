import type { SimulatedVenue } from '../simulated-venue.ts'
import type { VenueRequest } from '../venue-request.ts'

/** One request to the control interface. */
export type ControlCall = {
  readonly venue: SimulatedVenue
  readonly request: VenueRequest
  /** What stands at `{name}` in the path, as sent. */
  readonly named: Readonly<Record<string, string>>
  /** How many requests there were, this one included. */
  readonly serial: number
}

export type ControlRoute = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/sim/v1`, e.g. `/accounts/{account}/deposit`. */
  readonly path: string
  /** Throws a `ControlError`, a `RangeError` or a `TapedeckError` for what cannot be done. */
  readonly answer: (call: ControlCall) => object
}
