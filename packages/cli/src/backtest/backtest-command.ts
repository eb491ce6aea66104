export interface BacktestCommand {
  /** Tape folders, or recordings of one session in order; klines for strategies over bars. */
  readonly paths: readonly string[]
  readonly configPath: string
  readonly symbol: string | undefined
  readonly venue: string | undefined
  readonly from: number | undefined
  readonly to: number | undefined
  readonly warmUpMs: number
  /** `key=value`: keys of the trading configuration have a dot, a strategy's own have none. */
  readonly set: readonly string[]
  readonly strategy: string
  /** Folder for `result.json` and the report. */
  readonly out: string | undefined
  /** File for the messages of the run, NDJSON. */
  readonly messages: string | undefined
  readonly force: boolean
  readonly json: boolean
}
