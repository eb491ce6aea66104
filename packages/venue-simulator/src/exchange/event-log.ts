import type { ExchangeEvent } from './exchange-event.ts'

type Untold<Event> = Event extends unknown ? Omit<Event, 'sequence' | 'time'> : never

/** Events that were not taken yet are kept, whoever takes them: an exchange that nobody asks forgets none. */
export class EventLog {
  #events: ExchangeEvent[] = []
  #sequence = 0

  tell(time: number, event: Untold<ExchangeEvent>): void {
    this.#sequence++
    this.#events.push({ sequence: this.#sequence, time, ...event })
  }

  take(): readonly ExchangeEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }
}
