/** What the caller can do about an error. */
export type NextStep = 'retry' | 'stop' | 'ask'

type Entry = {
  readonly status: number
  readonly title: string
  readonly next: NextStep
  readonly hint: string
}

/** The one catalogue of error codes. `docs/reference/errors.md` is generated from it. */
export const ERRORS = {
  CONFIG_INVALID: {
    status: 500,
    title: 'Configuration is invalid',
    next: 'stop',
    hint: 'Correct the named keys and start again; docs/reference/config.md describes each.',
  },
  CREDENTIALS_INVALID: {
    status: 500,
    title: 'The credentials of a venue cannot be used',
    next: 'stop',
    hint: 'The message names the setting or the file, and what to do; keys themselves are never shown.',
  },
  NATS_UNREACHABLE: {
    status: 503,
    title: 'NATS cannot be reached',
    next: 'retry',
    hint: 'Check NATS_URL and that nats-server runs with JetStream; the service keeps trying.',
  },
  POSTGRES_UNREACHABLE: {
    status: 503,
    title: 'Postgres cannot be reached',
    next: 'retry',
    hint: 'Check POSTGRES_URL and that the server runs; the service keeps trying.',
  },
  STREAM_CONFIG_DROPPED: {
    status: 500,
    title: 'The NATS server dropped stream settings',
    next: 'stop',
    hint: 'The server is too old for the named fields; use a newer nats-server or the settings of docs/reference/config.md.',
  },
  NATS_LOGIN_REFUSED: {
    status: 500,
    title: 'NATS refused the login',
    next: 'stop',
    hint: 'Check the user and the password of this service in the NATS configuration.',
  },
  TAPE_FORGOTTEN: {
    status: 500,
    title: 'The tape no longer holds what comes next',
    next: 'ask',
    hint: 'Retention removed it before it was read. Rebuild from the archive; see the runbook.',
  },
  TAPE_ORDER_BROKEN: {
    status: 500,
    title: 'A message was stored though one before it was not',
    next: 'ask',
    hint: 'The server refused a message in the middle of a sequence. Do not go on; see the runbook.',
  },
  STREAM_TAIL_LOST: {
    status: 500,
    title: 'The tape is shorter than what was acknowledged',
    next: 'retry',
    hint: 'The outbox re-appends its tail; see the runbook.',
  },
  PORT_IN_USE: {
    status: 500,
    title: 'A port is already in use',
    next: 'stop',
    hint: 'Stop the other process or set another port.',
  },
  SERVER_MISSING: {
    status: 500,
    title: 'A server program is missing',
    next: 'ask',
    hint: 'Install it, or set NATS_URL, REDIS_URL or POSTGRES_URL to one that runs elsewhere.',
  },
  SERVER_START_FAILED: {
    status: 500,
    title: 'A server did not start',
    next: 'ask',
    hint: 'Its log is named in the message.',
  },
  DATA_FOLDER_IN_USE: {
    status: 500,
    title: 'Another process uses this data folder',
    next: 'stop',
    hint: 'Stop the other session, or give this one a folder of its own.',
  },
  DISK_FULL: {
    status: 507,
    title: 'No space left on the device',
    next: 'ask',
    hint: 'Free space in the data folder; writing resumes by itself. An old nats-server may have to be started again.',
  },
  MIGRATION_FAILED: {
    status: 500,
    title: 'A database migration failed',
    next: 'ask',
    hint: 'The transaction was rolled back; read the cause, repair it, start again.',
  },
  PUBLISH_FORBIDDEN: {
    status: 500,
    title: 'This service may not publish that subject',
    next: 'stop',
    hint: 'A service publishes below its own domain only.',
  },
  MESSAGE_UNREADABLE: {
    status: 422,
    title: 'A message on the tape cannot be read',
    next: 'ask',
    hint: 'It was copied to the dead letters; the reader went on. See the runbook.',
  },
  MESSAGE_OVERSIZED: {
    status: 413,
    title: 'A message is too large for the tape',
    next: 'stop',
    hint: 'Split the batch.',
  },
  LEASE_LOST: {
    status: 409,
    title: 'Another instance acts for this account',
    next: 'stop',
    hint: 'Only one instance may act; this one stops.',
  },
  CHECKPOINT_MOVED: {
    status: 409,
    title: 'The stored checkpoint is not the expected one',
    next: 'retry',
    hint: 'Load the checkpoint and go on from there; an earlier attempt may have been committed.',
  },
  RECORDING_INVALID: {
    status: 422,
    title: 'The recording cannot be read',
    next: 'stop',
    hint: 'The line, the column and what was expected are named.',
  },
  VENUE_STATE_INVALID: {
    status: 422,
    title: 'The saved state of a simulated venue cannot be used',
    next: 'stop',
    hint: 'What is wrong with it is named: damaged, of another version, or of other options. Nothing was changed.',
  },
  ARCHIVE_DAMAGED: {
    status: 422,
    title: 'The archive is damaged',
    next: 'ask',
    hint: 'File, place and the tape sequences concerned are named; tapedeck verify lists all damage.',
  },
  TAPE_FILE_INVALID: {
    status: 422,
    title: 'A tape folder cannot be read',
    next: 'stop',
    hint: 'File, batch and bytes are named; `tapedeck tape check` lists all damage. Convert the source again.',
  },
  OUTPUT_EXISTS: {
    status: 409,
    title: 'What would be written exists already',
    next: 'stop',
    hint: 'Name another target, or replace it with --force.',
  },
  SYMBOL_UNKNOWN: {
    status: 422,
    title: 'The symbol is not configured',
    next: 'stop',
    hint: 'Add the instrument to the configuration or choose another symbol.',
  },
  STRATEGY_INVALID: {
    status: 422,
    title: 'A strategy cannot be run',
    next: 'stop',
    hint: 'The message names the field and what was expected; docs/research/bars.md shows a strategy that works.',
  },
  STRATEGY_FAILED: {
    status: 422,
    title: 'A strategy failed while it ran',
    next: 'stop',
    hint: 'The message names the bar; everything up to it was kept. --verbose shows where it was thrown.',
  },
  PARAMETER_INVALID: {
    status: 422,
    title: 'A parameter of a strategy is not valid',
    next: 'stop',
    hint: 'tapedeck strategies lists each parameter with its range.',
  },
  TRIAL_FAILED: {
    status: 422,
    title: 'A trial of a parameter search ended before its data did',
    next: 'stop',
    hint: 'The message says when and why. The search goes on without it.',
  },
  TRIAL_DATA_MISSING: {
    status: 404,
    title: 'A worker has not got the data of a trial',
    next: 'ask',
    hint: 'Copy the tape or the files into a folder that the worker was given by --tapes.',
  },
  TRIAL_TIME_LIMIT: {
    status: 504,
    title: 'A trial took longer than a trial may',
    next: 'ask',
    hint: 'A strategy that never returns has to be repaired; a long one needs a larger --trial-limit.',
  },
  MALFORMED_REQUEST: {
    status: 400,
    title: 'The request is malformed',
    next: 'stop',
    hint: 'Correct the request.',
  },
  VALIDATION_FAILED: {
    status: 422,
    title: 'The request is not valid',
    next: 'stop',
    hint: 'Each entry of errors names a field and what was expected.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'No valid credential',
    next: 'stop',
    hint: 'Send Authorization: Bearer <key>. Keys are shown once, at first start; `tapedeck keys create` makes another.',
  },
  INSUFFICIENT_ROLE: {
    status: 403,
    title: 'The role does not allow this',
    next: 'stop',
    hint: 'Use a key with the role that the operation names.',
  },
  NOT_FOUND: { status: 404, title: 'Not found', next: 'stop', hint: 'Check the id.' },
  CURSOR_INVALID: {
    status: 400,
    title: 'The cursor is not valid',
    next: 'stop',
    hint: 'Start again without a cursor; keep the filters the same from page to page.',
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    title: 'Idempotency-Key is missing',
    next: 'stop',
    hint: 'Send a fresh Idempotency-Key of 1-64 characters [A-Za-z0-9_-].',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: 'The same request is still running',
    next: 'retry',
    hint: 'Wait a second and send it again with the same key.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'Idempotency-Key was used for another request',
    next: 'stop',
    hint: 'Use a new key for a new request.',
  },
  PRECONDITION_REQUIRED: {
    status: 428,
    title: 'If-Match is missing',
    next: 'stop',
    hint: 'Read the resource, then send its ETag as If-Match.',
  },
  PRECONDITION_FAILED: {
    status: 412,
    title: 'The resource has changed',
    next: 'stop',
    hint: 'Read it again; current_version tells which version is in force.',
  },
  STATE_CONFLICT: {
    status: 409,
    title: 'The state does not allow this',
    next: 'ask',
    hint: 'The detail says which state it is in.',
  },
  NOT_READY: {
    status: 503,
    title: 'Not ready',
    next: 'retry',
    hint: 'GET /ready tells what is missing.',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 502,
    title: 'A service does not answer',
    next: 'retry',
    hint: 'tapedeck status shows which one.',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    next: 'stop',
    hint: 'At most 1 MiB.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'The content type is not supported',
    next: 'stop',
    hint: 'Send application/json.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    title: 'No answer of the kind that is accepted',
    next: 'stop',
    hint: 'Send Accept: text/event-stream for an event stream.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The method is not allowed here',
    next: 'stop',
    hint: 'The Allow header lists the methods.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    next: 'retry',
    hint: 'Wait for Retry-After.',
  },
  INTERNAL: {
    status: 500,
    title: 'Internal error',
    next: 'ask',
    hint: 'Report the trace id; the log holds the cause.',
  },
} as const satisfies Record<string, Entry>

export type ErrorCode = keyof typeof ERRORS

/**
 * An operating error: expected, with a stable code and a way out. Recognise it by `code`, not by
 * `instanceof`, which lies across realms.
 */
export class TapedeckError extends Error {
  override readonly name = 'TapedeckError'
  readonly code: ErrorCode
  readonly hint: string
  readonly next: NextStep
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown>; hint?: string } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? ERRORS[code].hint
    this.next = ERRORS[code].next
    this.details = options.details ?? {}
  }
}

/** Narrows anything caught to an operating error with `code`. */
export const hasCode = <C extends ErrorCode>(
  error: unknown,
  code: C,
): error is TapedeckError & { code: C } =>
  typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code
