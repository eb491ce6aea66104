import type { Message } from '@tapedeck/contracts'

const NESTED: ReadonlySet<string> = new Set(['order', 'trade', 'fill'])

const namesId = (value: unknown, id: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).some(
    ([key, one]) => (one === id && key.endsWith('_id')) || (NESTED.has(key) && namesId(one, id)),
  )

/** Whether a message is about an id: its own, its aggregate's, its chain's, or one that its payload names. */
export const isAbout =
  (id: string) =>
  ({ event_id, aggregate_id, correlation_id, payload }: Message): boolean =>
    event_id === id || aggregate_id === id || correlation_id === id || namesId(payload, id)
