import { hasCode } from '@tapedeck/contracts'
import {
  type Executor,
  type Lease,
  acquireLease,
  releaseLease,
  renewLease,
} from '@tapedeck/database'
import { retryForever } from '../lifecycle/index.ts'
import type { Clock } from '../ports/index.ts'

/** How long a killed holder blocks its successor; a paused one is fenced off by the epoch. */
export const LEASE_TTL_MS = 4_000

export interface HeldLease {
  readonly lease: Lease
  /**
   * True while nobody else can hold it, by our own clocks: what leaves the machine asks here at the last moment. A
   * process that was stopped for long learns from this, before it can ask Postgres, that another acts by now.
   */
  isSure(): boolean
  release(): Promise<void>
}

interface LeaseRequest {
  readonly db: Executor
  readonly name: string
  readonly holder: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onWait: (reason: string) => void
  readonly onLost: (error: unknown) => void
}

/** Until when a lease that is asked for now cannot be another's, however long the answer takes. */
const sureFrom = ({ clock }: Pick<LeaseRequest, 'clock'>) => {
  // A machine that sleeps stops one of its clocks; setting the time moves the other.
  const [monotonic, now] = [clock.monotonic() + LEASE_TTL_MS, clock.now() + LEASE_TTL_MS]
  return (): boolean => clock.monotonic() < monotonic && clock.now() < now
}

const never = (): boolean => false

const take = async (request: LeaseRequest): Promise<Lease> => {
  for (;;) {
    const { db, name, holder } = request
    const result = await retryForever(
      async () => await acquireLease(db, { name, holder, ttlMs: LEASE_TTL_MS }),
      {
        name: `lease ${name}`,
        clock: request.clock,
        signal: request.signal,
        onWait: ({ error }) => request.onWait(String(error)),
      },
    )
    if (result.acquired) return result.lease
    request.onWait(
      `another instance (${result.heldBy ?? 'just gone'}) acts under the lease ${name}`,
    )
    request.signal.throwIfAborted()
    await request.clock.sleep(Math.min(result.expiresInMs, LEASE_TTL_MS / 8) + 10, request.signal)
  }
}

/** Waits for the lease, then keeps it. Only one instance acts under a name at a time. */
export const holdLease = async (request: LeaseRequest): Promise<HeldLease> => {
  const lease = await take(request)
  // That it was ours when it was taken is not known to the millisecond: the first renewal says so.
  let isSure = never
  const renew = async (): Promise<void> => {
    const sure = sureFrom(request)
    await renewLease(request.db, lease, LEASE_TTL_MS)
    isSure = sure
  }
  const ended = new AbortController()
  const keep = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        await renew()
      } catch (error) {
        // Postgres away: commits wait too, and the epoch guards them when it is back.
        if (hasCode(error, 'LEASE_LOST')) {
          isSure = never
          return request.onLost(error)
        }
      }
      await request.clock.sleep(LEASE_TTL_MS / 4, ended.signal)
    }
  }
  const kept = keep()
  return {
    lease,
    isSure: () => isSure(),
    release: async () => {
      isSure = never
      ended.abort()
      await kept
      await releaseLease(request.db, lease)
    },
  }
}
