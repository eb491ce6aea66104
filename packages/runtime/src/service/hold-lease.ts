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
  const ended = new AbortController()
  const keep = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await request.clock.sleep(LEASE_TTL_MS / 4, ended.signal)
      if (ended.signal.aborted) return
      try {
        await renewLease(request.db, lease, LEASE_TTL_MS)
      } catch (error) {
        // Postgres away: commits wait too, and the epoch guards them when it is back.
        if (hasCode(error, 'LEASE_LOST')) return request.onLost(error)
      }
    }
  }
  const kept = keep()
  return {
    lease,
    release: async () => {
      ended.abort()
      await kept
      await releaseLease(request.db, lease)
    },
  }
}
