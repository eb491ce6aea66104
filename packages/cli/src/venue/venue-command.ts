export interface VenueCommand {
  readonly port: number
  readonly host: string
  readonly market: 'generated' | 'recording' | 'live'
  readonly files: readonly string[]
  readonly loop: boolean
  readonly symbols: readonly string[]
  readonly seed: number
  /** Venue milliseconds that pass in one of the wall. */
  readonly speed: number
  /** The clock stands still until the control interface moves it. */
  readonly paused: boolean
  /** The venue's clock at the beginning, ms; null is now. */
  readonly start: number | null
  /** First deposit, a decimal of the quote asset. */
  readonly balance: string
  /** A preset's name, or a file. */
  readonly faults: string | null
  /** Seed of the faults; null is the plan's own. */
  readonly faultSeed: number | null
  /** Where API key and secret are kept; null makes them for this run. */
  readonly keysFile: string | null
  /** PEM of a key that signs instead of a secret; null is none. */
  readonly publicKeyFile: string | null
  /** Folder in which the venue outlives its process; null forgets it. */
  readonly stateFolder: string | null
  readonly configPath: string
  readonly json: boolean
}
