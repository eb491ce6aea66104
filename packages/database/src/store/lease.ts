import { TapedeckError } from '@tapedeck/contracts'
import { namedStatement } from '../connection/index.ts'
import type { Executor } from '../connection/index.ts'

/** The right to act under a name, e.g. for one account. `epoch` goes with every write. */
export interface Lease {
  readonly name: string
  /** Unique for each start of a process, so that a restarted one is not taken for the old. */
  readonly holder: string
  readonly epoch: number
}

export type LeaseResult =
  | { readonly acquired: true; readonly lease: Lease }
  | { readonly acquired: false; readonly heldBy: string | null; readonly expiresInMs: number }

type Held = { holder: string | null; epoch: number; expires_in_ms: number; taken: boolean }

// Postgres' clock decides alone: the clocks of two holders may differ.
const acquire = namedStatement<Held>(
  'acquire_lease',
  `with taken as (
    insert into lease as l (name, holder, epoch, expires_at)
    values ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
    on conflict (name) do update
      set holder = excluded.holder, epoch = l.epoch + 1, expires_at = excluded.expires_at
      where l.holder is null or l.expires_at <= clock_timestamp()
    returning holder, epoch, true as taken, $3::float8 as expires_in_ms)
  select holder, epoch, taken, expires_in_ms from taken
  union all
  select holder, epoch, false,
    greatest(0, extract(epoch from expires_at - clock_timestamp()) * 1000)::float8
  from lease where name = $1 and not exists (select from taken)`,
)

/**
 * Takes the lease when it is free or has run out, with a new epoch. Otherwise says who holds it and for
 * how long yet.
 */
export const acquireLease = async (
  db: Executor,
  request: { readonly name: string; readonly holder: string; readonly ttlMs: number },
): Promise<LeaseResult> => {
  const { name, holder, ttlMs } = request
  const [row] = await acquire(db, [name, holder, ttlMs])
  if (row?.taken === true) return { acquired: true, lease: { name, holder, epoch: row.epoch } }
  // No row: another took it between the two halves of the statement.
  return {
    acquired: false,
    heldBy: row?.holder ?? null,
    expiresInMs: Math.ceil(row?.expires_in_ms ?? ttlMs),
  }
}

export const leaseLost = (lease: Pick<Lease, 'name' | 'epoch'>): TapedeckError =>
  new TapedeckError(
    'LEASE_LOST',
    `the lease ${lease.name} of epoch ${lease.epoch} is no longer held; another instance took it`,
    { details: { lease: lease.name, epoch: lease.epoch } },
  )

const renew = namedStatement<{ epoch: number }>(
  'renew_lease',
  `update lease set expires_at = clock_timestamp() + $4 * interval '1 millisecond'
  where name = $1 and holder = $2 and epoch = $3 returning epoch`,
)

/**
 * Extends the lease by `ttlMs` from now; also after it ran out, as long as nobody else took it.
 *
 * @throws TapedeckError `LEASE_LOST`
 */
export const renewLease = async (db: Executor, lease: Lease, ttlMs: number): Promise<void> => {
  const rows = await renew(db, [lease.name, lease.holder, lease.epoch, ttlMs])
  if (rows.length === 0) throw leaseLost(lease)
}

const release = namedStatement<never>(
  'release_lease',
  `update lease set holder = null, expires_at = clock_timestamp()
  where name = $1 and holder = $2 and epoch = $3`,
)

/** Gives the lease back at a clean stop, so that the next instance need not wait. The epoch stays. */
export const releaseLease = async (db: Executor, lease: Lease): Promise<void> => {
  await release(db, [lease.name, lease.holder, lease.epoch])
}

/** For a statement's own CTE: the row is locked, so nobody takes the lease before this commits. */
export const HELD_LEASE = `select from lease where name = $1 and epoch = $2 and holder is not null for share`

const hold = namedStatement<Record<string, never>>('assert_lease', HELD_LEASE)

/**
 * Refuses the transaction of an old holder, and keeps new holders waiting until this one ends.
 *
 * @throws TapedeckError `LEASE_LOST`; let it roll the transaction back
 */
export const assertLease = async (
  tx: Executor,
  lease: Pick<Lease, 'name' | 'epoch'>,
): Promise<void> => {
  const rows = await hold(tx, [lease.name, lease.epoch])
  if (rows.length === 0) throw leaseLost(lease)
}
