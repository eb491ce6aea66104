/** What is being played and how far it is: what `/v1/run` shows. */
export interface PlayStatus {
  readonly phase: 'idle' | 'playing' | 'ended' | 'failed'
  readonly kind: string | null
  readonly source: string | null
  readonly run_id: string | null
  readonly market_time: number | null
  readonly events: number
  readonly reason: string | null
  readonly counts: Readonly<Record<string, unknown>>
}
