import {
  MESSAGES,
  TAPEDECK_NAMESPACE,
  eventId,
  scopeOf,
  subjectOf,
  uuid5,
  type Message,
  type MessageType,
  type PayloadOf,
} from '@tapedeck/contracts'

/** What a test says about one message; the rest follows from it. */
export type EnvelopeFacts<T extends MessageType> = {
  readonly payload: PayloadOf<T>
  readonly occurred_at: number
  /** Default: `<type>:1`. */
  readonly aggregate_id?: string
  readonly causation_id?: string
  readonly correlation_id?: string
}

/** A message ready to be appended or handed to a decider. */
export type BuiltEnvelope<T extends MessageType = MessageType> = {
  readonly envelope: Message<T>
  readonly subject: string
  readonly id: string
  readonly bytes: Uint8Array
}

/**
 * Makes envelopes as the services do: sequences without gaps per publisher, versions that rise by one
 * per aggregate, ids that follow from run, type, aggregate and version. The same calls make the same
 * bytes. `name` names the run.
 */
export const envelopes = (
  name = 'test',
): {
  run_id: string
  make: <T extends MessageType>(type: T, facts: EnvelopeFacts<T>) => BuiltEnvelope<T>
} => {
  const run_id = uuid5(TAPEDECK_NAMESPACE, `run|${name}`)
  const sequences = new Map<string, number>()
  const next = (key: string): number => {
    const value = (sequences.get(key) ?? 0) + 1
    sequences.set(key, value)
    return value
  }
  return {
    run_id,
    make(type, facts) {
      const { publisher, version, aggregate } = MESSAGES[type]
      const aggregate_id = facts.aggregate_id ?? `${type}:1`
      const aggregate_version = next(`${aggregate}|${aggregate_id}`)
      const event_id = eventId(run_id, type, aggregate_id, aggregate_version)
      const envelope = {
        event_id,
        seq: next(publisher),
        type,
        schema_version: version,
        aggregate_type: aggregate,
        aggregate_id,
        aggregate_version,
        occurred_at: facts.occurred_at,
        recorded_at: facts.occurred_at,
        run_id,
        correlation_id: facts.correlation_id ?? null,
        causation_id: facts.causation_id ?? null,
        producer: { service: publisher, version: '0.0.0', config_hash: '0'.repeat(16) },
        payload: facts.payload,
      }
      return {
        envelope,
        subject: subjectOf(type, scopeOf(type, facts.payload)),
        id: event_id,
        bytes: new TextEncoder().encode(JSON.stringify(envelope)),
      }
    },
  }
}
