import type { VenueLog } from '../../port/index.ts'
import type { SecretHider } from './secret-hider.ts'

/** A log that no secret gets into, whatever is written to it: text and every text in the details is cleaned. */
export const createHidingLog = (log: VenueLog, hider: SecretHider): VenueLog => {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return hider.hide(value)
    if (value instanceof Error) return hider.hide(`${value.name}: ${value.message}`)
    if (Array.isArray(value)) return value.map(clean)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, clean(one)]))
    return value
  }
  const cleaned = (details: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    clean(details) as Record<string, unknown>
  return {
    info: (message, details) => log.info(hider.hide(message), cleaned(details)),
    warn: (message, details) => log.warn(hider.hide(message), cleaned(details)),
  }
}
