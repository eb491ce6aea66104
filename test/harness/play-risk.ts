import { type Bus, connectBus } from '@tapedeck/bus'
import {
  MESSAGES,
  type MessageType,
  type PayloadOf,
  encode,
  eventId,
  scopeOf,
  subjectOf,
} from '@tapedeck/contracts'
import type { Stack } from '@tapedeck/stack'

/** Speaks for the risk service, which is not in the stack: approvals when a test wants them. */
export class RiskVoice {
  readonly #bus: Bus
  readonly #runId: string
  #seq = 0

  private constructor(bus: Bus, runId: string) {
    this.#bus = bus
    this.#runId = runId
  }

  static async of({ servers }: Pick<Stack, 'servers'>, runId: string): Promise<RiskVoice> {
    const login = servers.nats.login('admin')
    return new RiskVoice(
      await connectBus({ servers: [servers.nats.url], name: 'risk voice', ...login }),
      runId,
    )
  }

  async say<T extends MessageType>(type: T, id: string, payload: PayloadOf<T>): Promise<void> {
    const at = Date.now()
    this.#seq += 1
    const event_id = eventId(this.#runId, type, id, this.#seq)
    const bytes = encode({
      event_id,
      seq: this.#seq,
      type,
      schema_version: MESSAGES[type].version,
      aggregate_type: MESSAGES[type].aggregate,
      aggregate_id: id,
      aggregate_version: this.#seq,
      occurred_at: at,
      recorded_at: at,
      run_id: this.#runId,
      correlation_id: null,
      causation_id: null,
      producer: { service: 'risk', version: '0.1.0', config_hash: '0000000000000000' },
      payload,
    })
    const subject = subjectOf(type, scopeOf(type, payload))
    await this.#bus.tape.append([{ subject, id: event_id, bytes }])
  }

  async close(): Promise<void> {
    await this.#bus.close()
  }
}
