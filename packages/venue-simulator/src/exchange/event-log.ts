import type { ExchangeEvent } from './exchange-event.ts'

type Untold<Event> = Event extends unknown ? Omit<Event, 'sequence' | 'time'> : never

export type SavedLog = { readonly sequence: number; readonly events: readonly ExchangeEvent[] }

/** Events that were not taken yet are kept, whoever takes them: an exchange that nobody asks forgets none. */
export class EventLog {
  #events: ExchangeEvent[] = []
  #sequence = 0
  #ofAccounts = 0

  /** How many were told of accounts, not of the market, since this log was made. */
  get ofAccounts(): number {
    return this.#ofAccounts
  }

  tell(time: number, event: Untold<ExchangeEvent>): void {
    this.#sequence++
    if ('account' in event) this.#ofAccounts++
    this.#events.push({ sequence: this.#sequence, time, ...event })
  }

  /** Where it stands: the last number, and what nobody took. */
  snapshot(): SavedLog {
    return { sequence: this.#sequence, events: [...this.#events] }
  }

  static restore({ sequence, events }: SavedLog): EventLog {
    const log = new EventLog()
    log.#sequence = sequence
    log.#events = [...events]
    return log
  }

  take(): readonly ExchangeEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }
}
