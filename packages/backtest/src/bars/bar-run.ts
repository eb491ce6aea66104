import type { EquityPoint } from '@tapedeck/core'
import type { SeriesTrack } from './bar-clock.ts'
import { BarPlayer, PATH_STAGES } from './bar-path.ts'
import { BarCursor, type Desk } from './desk.ts'
import type { BarRunPlan } from './plan-bar-run.ts'
import type { BarBacktestOptions } from './run-bar-backtest.ts'

const HOUR_MS = 3_600_000

/** One run: the clock, and what it leaves behind. */
export class BarRun {
  readonly equity: EquityPoint[] = []
  now: number
  readonly #plan: BarRunPlan
  readonly #desk: Desk
  readonly #players: readonly BarPlayer[]
  readonly #trackOf: readonly SeriesTrack[]
  readonly #cursor = new BarCursor()
  readonly #stepMs: number

  constructor(plan: BarRunPlan, desk: Desk, options: BarBacktestOptions) {
    const { costs, path = 'ohlc', volumeSharePercent = 100 } = options
    this.#plan = plan
    this.#desk = desk
    this.#players = desk.lanes.map((lane) => new BarPlayer(lane, costs, path, volumeSharePercent))
    this.#trackOf = desk.lanes.map(({ series }) =>
      plan.tracks.find((track) => track.series === series)!,
    )
    this.#stepMs = Math.max(plan.baseMs, HOUR_MS)
    this.now = plan.from
    this.equity.push({ at: plan.from, equity: options.startingBalance })
  }

  /** Turns the clock `ticks` times. False once there is nothing left. */
  turn(ticks: number): boolean {
    const { tracks, from, baseMs } = this.#plan
    const desk = this.#desk
    for (let i = 0; i < ticks; i++) {
      let now = Infinity
      for (const track of tracks) if (track.next < now) now = track.next
      if (now === Infinity) return false
      this.now = now
      // What opens before `from` only warms up: orders are sent from the close of the bar before it.
      desk.warmingUp = now < from
      desk.startTick()
      this.#walkPaths(now)
      desk.at = now
      for (const track of tracks) {
        if (track.next !== now) continue
        track.fill(this.#cursor)
        desk.showBar(this.#cursor)
        track.advance()
      }
      if (now - baseMs >= from && (desk.hasNews || now % this.#stepMs === 0)) this.#mark(now)
    }
    return true
  }

  #mark(at: number): void {
    this.#desk.hasNews = false
    this.equity.push({ at, equity: this.#desk.equity })
  }

  /** Prints of every bar that closes now, stage by stage over all symbols. */
  #walkPaths(now: number): void {
    let active: BarPlayer[] | null = null
    for (let i = 0; i < this.#players.length; i++) {
      const track = this.#trackOf[i]!
      if (track.next !== now) continue
      const player = this.#players[i]!
      if (player.begin(track.row)) (active ??= []).push(player)
      else player.pass()
    }
    if (active === null) return
    for (let stage = 0; stage < PATH_STAGES; stage++)
      for (const player of active) {
        this.#desk.at = player.timeOf(stage)
        player.walk(stage)
      }
  }

  /** Closes what is still open once all bars were shown. */
  end(): void {
    this.#desk.hasEnded = true
    for (const player of this.#players) player.closeAt(this.now)
    this.#desk.at = this.now
    this.#desk.end()
    if (this.equity.at(-1)!.at === this.now) this.equity.pop()
    this.#mark(this.now)
  }
}
