import { type Message, type Output, type PayloadOf, isType } from '@tapedeck/contracts'
import type { Json } from '@tapedeck/core'
import type { Brain } from '@tapedeck/runtime'

type Told = 'risk.session.updated' | 'risk.trading_state.changed' | 'risk.limits.changed'

/** What risk said last about itself: what the REST side shows, without waiting for a projection. */
export class Latest {
  readonly #payloads = new Map<Told, unknown>()

  note(outputs: readonly Output[]): void {
    for (const { type, payload } of outputs)
      if (
        type === 'risk.session.updated' ||
        type === 'risk.trading_state.changed' ||
        type === 'risk.limits.changed'
      )
        this.#payloads.set(type, payload)
  }

  of<T extends Told>(type: T): PayloadOf<T> | null {
    return (this.#payloads.get(type) ?? null) as PayloadOf<T> | null
  }

  /** Part of the snapshot, so that a restarted service still knows. */
  toJson(): Json {
    return Object.fromEntries(this.#payloads) as unknown as Json
  }

  static from(json: Json): Latest {
    const latest = new Latest()
    for (const [type, payload] of Object.entries(json as Record<Told, unknown>))
      latest.#payloads.set(type as Told, payload)
    return latest
  }
}

/** A brain whose last words are kept beside its own state. */
export const rememberLatest = (
  create: (snapshot: Json | undefined) => Brain,
  snapshot: Json | undefined,
  onLatest: (latest: Latest) => void,
): Brain => {
  const saved = snapshot as { brain: Json; latest: Json } | undefined
  const brain = create(saved?.brain)
  let latest = saved === undefined ? new Latest() : Latest.from(saved.latest)
  onLatest(latest)
  return {
    handle: async (message: Message) => {
      if (isType(message, 'market.run.started')) {
        latest = new Latest()
        onLatest(latest)
      }
      const outputs = await brain.handle(message)
      latest.note(outputs)
      return outputs
    },
    snapshot: () => ({ brain: brain.snapshot(), latest: latest.toJson() }),
  }
}
