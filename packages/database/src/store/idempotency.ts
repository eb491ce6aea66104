import { TapedeckError } from '@tapedeck/contracts'
import { namedStatement } from '../connection/index.ts'
import type { Executor } from '../connection/index.ts'

/** Who asked for what, under which key. */
export interface IdempotentRequest {
  readonly principal: string
  /** Method and route, e.g. `POST /v1/positions`. */
  readonly route: string
  /** The `Idempotency-Key`. */
  readonly key: string
  /** Hash of the canonical body and path: tells the same request from another one under the same key. */
  readonly fingerprint: string
  /** How long the answer is kept. Default 24 h. */
  readonly keepMs?: number
  /** How long a request may run before another may take it over. Default 30 s. */
  readonly runMsMax?: number
}

/** The right to carry out the request and to store its answer. */
export interface IdempotentClaim {
  readonly principal: string
  readonly route: string
  readonly key: string
  readonly attempt: number
}

export interface IdempotentResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type Idempotent =
  | { readonly outcome: 'run'; readonly claim: IdempotentClaim }
  | { readonly outcome: 'replay'; readonly response: IdempotentResponse }

const KEEP_MS = 24 * 60 * 60 * 1_000
const RUN_MS_MAX = 30_000
const RACES_MAX = 5

type Row = {
  taken: boolean
  fingerprint: string
  state: 'running' | 'done'
  attempt: number
  status: number | null
  headers: Record<string, string> | null
  body: Buffer | null
}

const begin = namedStatement<Row>(
  'begin_idempotent',
  `with taken as (
    insert into idempotency as i
      (principal, route, key, fingerprint, state, attempt, locked_until, expires_at)
    values ($1, $2, $3, $4, 'running', 1, now() + $5 * interval '1 millisecond',
      now() + $6 * interval '1 millisecond')
    on conflict (principal, route, key) do update
      set fingerprint = excluded.fingerprint, state = 'running', attempt = i.attempt + 1,
        locked_until = excluded.locked_until, expires_at = excluded.expires_at,
        status = null, headers = null, body = null
      where i.expires_at <= now() or (i.state = 'running' and i.locked_until <= now()
        and i.fingerprint = excluded.fingerprint)
    returning i.*)
  select true as taken, fingerprint, state, attempt, status, headers, body from taken
  union all
  select false, fingerprint, state, attempt, status, headers, body from idempotency
  where principal = $1 and route = $2 and key = $3 and not exists (select from taken)`,
)

/**
 * Claims the key before the request is carried out. One round trip, committed by itself.
 *
 * `run`: carry it out and call `completeIdempotent` in the transaction of the effect. `replay`: answer
 * with the stored response. An abandoned run (the process died) can be taken over after `runMsMax`; an
 * answer is forgotten after `keepMs`.
 *
 * @throws TapedeckError `IDEMPOTENCY_KEY_REUSED` (same key, other fingerprint), `IDEMPOTENCY_IN_PROGRESS`
 */
export const beginIdempotent = async (
  db: Executor,
  request: IdempotentRequest,
): Promise<Idempotent> => {
  const { principal, route, key, fingerprint } = request
  const parameters = [
    principal,
    route,
    key,
    fingerprint,
    request.runMsMax ?? RUN_MS_MAX,
    request.keepMs ?? KEEP_MS,
  ]
  for (let race = 0; race < RACES_MAX; race += 1) {
    const [row] = await begin(db, parameters)
    // No row: another inserted the key after this statement's snapshot. The next one sees it.
    if (row !== undefined) return judge(request, row)
  }
  throw inProgress(request)
}

const judge = (request: IdempotentRequest, row: Row): Idempotent => {
  const { principal, route, key } = request
  if (row.taken) {
    return { outcome: 'run', claim: { principal, route, key, attempt: row.attempt } }
  }
  if (row.fingerprint !== request.fingerprint) {
    throw new TapedeckError(
      'IDEMPOTENCY_KEY_REUSED',
      `Idempotency-Key ${key} was used on ${route} with another request`,
      { details: { key, route } },
    )
  }
  if (row.state === 'running') throw inProgress(request)
  const { status, headers, body } = row
  return {
    outcome: 'replay',
    response: { status: status ?? 200, headers: headers ?? {}, body: body ?? Buffer.alloc(0) },
  }
}

const inProgress = ({ key, route }: Pick<IdempotentClaim, 'key' | 'route'>): TapedeckError =>
  new TapedeckError(
    'IDEMPOTENCY_IN_PROGRESS',
    `the request with Idempotency-Key ${key} on ${route} is still running`,
    { details: { key, route } },
  )

const complete = namedStatement<{ attempt: number }>(
  'complete_idempotent',
  `update idempotency set state = 'done', status = $5, headers = $6::jsonb, body = $7
  where principal = $1 and route = $2 and key = $3 and attempt = $4 and state = 'running'
  returning attempt`,
)

/**
 * Stores the answer, in the transaction of the effect: both happen or neither.
 *
 * @throws TapedeckError `IDEMPOTENCY_IN_PROGRESS` when the claim ran out and another took it over; let it
 * roll the effect back
 */
export const completeIdempotent = async (
  tx: Executor,
  claim: IdempotentClaim,
  response: IdempotentResponse,
): Promise<void> => {
  const rows = await complete(tx, [
    claim.principal,
    claim.route,
    claim.key,
    claim.attempt,
    response.status,
    JSON.stringify(response.headers),
    response.body,
  ])
  if (rows.length === 0) throw inProgress(claim)
}

const abandon = namedStatement<never>(
  'abandon_idempotent',
  `delete from idempotency
  where principal = $1 and route = $2 and key = $3 and attempt = $4 and state = 'running'`,
)

/** Frees the key when the request failed without any effect, so that it may be sent again at once. */
export const abandonIdempotent = async (db: Executor, claim: IdempotentClaim): Promise<void> => {
  await abandon(db, [claim.principal, claim.route, claim.key, claim.attempt])
}

const PRUNE_ROWS = 5_000

const prune = namedStatement<{ key: string }>(
  'prune_idempotency',
  `delete from idempotency where (principal, route, key) in (
    select principal, route, key from idempotency where expires_at <= now() limit ${PRUNE_ROWS})
  returning key`,
)

/** Deletes answers past their time, in portions. Gives how many. */
export const pruneIdempotency = async (db: Executor): Promise<number> => {
  let total = 0
  for (;;) {
    const deleted = (await prune(db, [])).length
    total += deleted
    if (deleted < PRUNE_ROWS) return total
  }
}
