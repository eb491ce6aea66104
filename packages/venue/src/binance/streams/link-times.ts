import type { LinkTimes } from './rolling-link.ts'

/** How long things may take; each has a default. */
export type LinkTimeOptions = Partial<LinkTimes>

const HOUR_MS = 3_600_000

/** A pong that is missing for 10 s, or a handshake, means that nobody is there. */
const DEFAULTS: LinkTimes = {
  handshakeMs: 10_000,
  pingMs: 15_000,
  pongMsMax: 10_000,
  rolloverMs: 23 * HOUR_MS,
  backoffFirstMs: 500,
  backoffMaxMs: 30_000,
}

export const linkTimes = (options: LinkTimeOptions): LinkTimes => ({
  handshakeMs: options.handshakeMs ?? DEFAULTS.handshakeMs,
  pingMs: options.pingMs ?? DEFAULTS.pingMs,
  pongMsMax: options.pongMsMax ?? DEFAULTS.pongMsMax,
  rolloverMs: options.rolloverMs ?? DEFAULTS.rolloverMs,
  backoffFirstMs: options.backoffFirstMs ?? DEFAULTS.backoffFirstMs,
  backoffMaxMs: options.backoffMaxMs ?? DEFAULTS.backoffMaxMs,
})
