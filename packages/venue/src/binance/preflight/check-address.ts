import { resolveNetwork } from '../networks.ts'
import { fail, pass, warn, type PreflightFinding } from './finding.ts'
import type { PreflightDesk } from './preflight-options.ts'

const SAMPLES = 3
/** Beyond it records, logs and tokens of this machine tell another time than the venue's. */
const OFFSET_MS_MAX = 1_000
/** Half of it may lie on either way: an entry's price is old by then. */
const ROUND_TRIP_MS_MAX = 500
/** Half of the receive window: a time stamp that is older is refused. */
const ROUND_TRIP_MS_FAIL = 2_500

const ADDRESS_FIX =
  'Check the address, the name service, the proxy and the firewall; the venue is closed in some countries. Nothing was sent that has a key in it.'

const judgeClock = (offsetMs: number, roundTripMs: number): PreflightFinding => {
  const offset = Math.round(offsetMs)
  const direction = offset < 0 ? 'ahead of' : 'behind'
  const told = `this clock is ${Math.abs(offset)} ms ${direction} the venue's, round trip ${Math.round(roundTripMs)} ms`
  if (roundTripMs > ROUND_TRIP_MS_FAIL)
    return fail(
      'clock',
      told,
      `Trade from a machine that is nearer: beyond ${ROUND_TRIP_MS_FAIL} ms time stamps are refused.`,
    )
  if (Math.abs(offset) > OFFSET_MS_MAX)
    return warn(
      'clock',
      told,
      'Set the clock of this machine (NTP). Requests are corrected for it; logs and records are not.',
    )
  if (roundTripMs > ROUND_TRIP_MS_MAX)
    return warn('clock', told, 'Trade from a machine that is nearer, or expect entries to be late.')
  return pass('clock', told)
}

/** Whether the venue answers, and how far the clocks are apart. `usedWeight`: by whoever shares the address. */
export const checkAddress = async ({
  rest,
  clock,
  network,
}: PreflightDesk): Promise<{
  readonly findings: readonly PreflightFinding[]
  readonly isReachable: boolean
  readonly usedWeight: number
}> => {
  const { restUrl } = resolveNetwork(network)
  let roundTripMs = Infinity
  let usedWeight = 0
  for (let sample = 0; sample < SAMPLES; sample++) {
    const sentAt = clock.now()
    const time = await rest.askTime()
    if (time.outcome === 'unknown')
      return {
        findings: [fail('address', `${restUrl}: ${time.detail}`, ADDRESS_FIX)],
        isReachable: false,
        usedWeight,
      }
    // The first pays for the handshake.
    roundTripMs = Math.min(roundTripMs, clock.now() - sentAt)
    // Ours is one of it.
    if (sample === 0) usedWeight = Math.max(0, rest.limiter.usage().weight - 1)
  }
  return {
    findings: [
      pass('address', `${restUrl} answers as the venue does`),
      judgeClock(rest.clock.offset, roundTripMs),
    ],
    isReachable: true,
    usedWeight,
  }
}
