import type { AccountStream } from '../../port/account-event.ts'
import type { AccountStreamOptions } from './account-stream-options.ts'

/** The account's own stream. */
export class AccountStreamClient implements AccountStream {
  readonly #options: AccountStreamOptions

  constructor(options: AccountStreamOptions) {
    this.#options = options
  }

  /** When the last message of the account came, by our clock; null before the first. */
  get lastEventAt(): number | null {
    return null
  }

  start(): void {
    this.#options.listener({ kind: 'stream', state: 'down', detail: 'not connected yet' })
  }

  async stop(): Promise<void> {
    await Promise.resolve()
  }
}
