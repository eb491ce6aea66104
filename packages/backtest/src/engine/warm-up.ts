import type { RiskCommandReceived, TradingConfig } from '@tapedeck/contracts'
import type { Play } from './play.ts'

const BY = 'backtest'

/**
 * Trading is halted by a command on the tape until market time reaches the first day that counts: what is
 * measured meanwhile is measured for real, and every denial says why.
 */
export class WarmUp {
  readonly #play: Play
  readonly #account: string
  readonly #until: number
  #holds = true

  constructor(play: Play, trading: TradingConfig, until: number) {
    this.#play = play
    this.#account = trading.execution.account
    this.#until = until
  }

  get holds(): boolean {
    return this.#holds
  }

  /** After the run has begun. */
  begin(at: number): void {
    this.#play.brain.command(this.#command('halt', 'warming up'), at)
  }

  /** After each step. True once, when warming up is over. */
  endsNow(): boolean {
    const at = this.#play.marketTime
    if (!this.#holds || at === null || at < this.#until) return false
    this.#holds = false
    this.#play.brain.command(this.#command('resume', 'warmed up'), at)
    return true
  }

  #command(command: 'halt' | 'resume', reason: string): RiskCommandReceived {
    return {
      account: this.#account,
      command_id: `${BY}-${command}`,
      command,
      reason,
      by: BY,
      limits: null,
      breaker: null,
    }
  }
}
