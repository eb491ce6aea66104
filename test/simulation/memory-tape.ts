import { createHash } from 'node:crypto'
import {
  TAPEDECK_VERSION,
  sealMessage,
  type Message,
  type Output,
  type ServiceName,
} from '@tapedeck/contracts'

const CONFIG_HASH = '0'.repeat(16)

/** The tape as a list: sealed messages in one order, as the services would have appended them. */
export class MemoryTape {
  readonly messages: Message[] = []
  readonly #runId: string
  readonly #seqs = new Map<ServiceName, number>()
  readonly #now: () => number

  constructor(runId: string, now: () => number) {
    this.#runId = runId
    this.#now = now
  }

  get length(): number {
    return this.messages.length
  }

  append(service: ServiceName, outputs: readonly Output[], cause: Message | null): void {
    for (const output of outputs) {
      const seq = (this.#seqs.get(service) ?? 0) + 1
      this.#seqs.set(service, seq)
      const producer = { service, version: TAPEDECK_VERSION, config_hash: CONFIG_HASH }
      const recordedAt = this.#now()
      this.messages.push(
        sealMessage(output, { seq, runId: this.#runId, cause, producer, recordedAt }),
      )
    }
  }

  /** SHA-256 over every message, in order. */
  hash(): string {
    const hash = createHash('sha256')
    for (const message of this.messages) hash.update(JSON.stringify(message)).update('\n')
    return hash.digest('hex')
  }
}
