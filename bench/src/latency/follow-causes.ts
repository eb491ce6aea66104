import type { Bus } from '@tapedeck/bus'
import type { Message } from '@tapedeck/contracts'

/** A message of the tape, with when its envelope was made and when it was stored, ms. */
interface Link {
  readonly message: Message
  readonly storedAt: number
}

/** Latencies in ms, one per chain that ended in the measured part. */
export interface Chains {
  /** From the market message to risk's answer: each signal. */
  readonly decided: readonly number[]
  /** From the market message to the entry order: each approval. */
  readonly entered: readonly number[]
  /** From the market message to any order: entries, stops, exits. */
  readonly ordered: readonly number[]
}

const SUBJECTS = [
  'tape.market.trades.>',
  'tape.market.clock.>',
  'tape.market.bar.closed.>',
  'tape.market.depth.>',
  'tape.market.mark.>',
  'tape.orderflow.>',
  'tape.setup.>',
  'tape.risk.>',
  'tape.execution.>',
]

/** Everything on the tape after `after`, by event id. */
const readLinks = async (bus: Bus, after: number): Promise<Map<string, Link>> => {
  const links = new Map<string, Link>()
  const reading = bus.tape.read({
    after,
    subjects: SUBJECTS,
    onBatch: (messages) => {
      for (const raw of messages) {
        const decoded = raw.decoded()
        if (!decoded.ok) continue
        const message = decoded.envelope as Message
        links.set(message.event_id, { message, storedAt: raw.storedAt })
      }
      return Promise.resolve()
    },
  })
  await reading.passed(await bus.tape.lastSeq())
  await reading.stop()
  return links
}

/** The market message that a chain began with; null when it began before what was read, or elsewhere. */
const rootOf = (links: ReadonlyMap<string, Link>, message: Message): Message | null => {
  let at: Message | undefined = message
  while (at !== undefined && !at.type.startsWith('market.'))
    at = at.causation_id === null ? undefined : links.get(at.causation_id)?.message
  return at ?? null
}

/**
 * Follows each decision and each order back to the market message that caused it. A chain begins when
 * ingest made the envelope (`recorded_at`) and ends when the server had stored the last message.
 */
export const followCauses = async (bus: Bus, after: number): Promise<Chains> => {
  const links = await readLinks(bus, after)
  const decided: number[] = []
  const entered: number[] = []
  const ordered: number[] = []
  for (const { message, storedAt } of links.values()) {
    const isDecision = message.type.startsWith('risk.signal.')
    if (!isDecision && message.type !== 'execution.order.submitted') continue
    const root = rootOf(links, message)
    if (root === null) continue
    const ms = storedAt - root.recorded_at
    if (isDecision) decided.push(ms)
    else ordered.push(ms)
    const cause = message.causation_id === null ? undefined : links.get(message.causation_id)
    if (cause?.message.type === 'risk.signal.approved') entered.push(ms)
  }
  return { decided, entered, ordered }
}
