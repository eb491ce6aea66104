/**
 * How fast the clock is to be moved, for whoever moves it. Set by the control interface, read by a pacer;
 * a venue without a pacer stands still, whatever is set here.
 */
export type VenuePace = {
  /** Venue milliseconds that pass in one of the wall. */
  speed: number
  isPaused: boolean
  /** While paused: the clock is to go this far, once; null when it is to stand. */
  stepTo: number | null
}
