import type { ServiceName } from '@tapedeck/contracts'
import type { Bus } from '@tapedeck/bus'
import { type Shell, batonSubject } from '../processing/index.ts'

/** What whoever plays the source asks: go on up to here; wait for me from now on, or no longer. */
interface BatonRequest {
  readonly up_to: number
  readonly lockstep?: boolean
}

/** Lockstep: whoever plays the source asks each service in turn to go on. Returns how to stop listening. */
export const takeBaton = (
  service: ServiceName,
  bus: Bus,
  shell: Pick<Shell<never>, 'hold' | 'advance'>,
): (() => void) =>
  bus.respond(batonSubject(service), async (data) => {
    const { up_to: upTo, lockstep } = JSON.parse(new TextDecoder().decode(data)) as BatonRequest
    if (lockstep !== undefined) shell.hold(lockstep)
    return new TextEncoder().encode(JSON.stringify(await shell.advance(upTo)))
  })
