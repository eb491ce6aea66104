import type { ErrorCode } from '@tapedeck/contracts'

/** What the command leaves behind for scripts. The table of `--help` and of the documentation. */
export const EXIT = {
  OK: 0,
  FAILED: 1,
  USAGE: 2,
  CHECK_FAILED: 3,
  NOT_FOUND: 4,
  CONFLICT: 5,
  FORBIDDEN: 6,
  UNAVAILABLE: 7,
  UNKNOWN_OUTCOME: 9,
  SIGINT: 130,
  SIGTERM: 143,
} as const

/** Rows of the help text. */
export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.OK, 'success'],
  [EXIT.FAILED, 'unexpected failure'],
  [EXIT.USAGE, 'wrong usage or configuration'],
  [EXIT.CHECK_FAILED, 'a check failed, or a recording is damaged'],
  [EXIT.NOT_FOUND, 'not found'],
  [EXIT.CONFLICT, 'conflict: folder or port in use, state does not allow it'],
  [EXIT.FORBIDDEN, 'not authenticated, or the role does not allow it'],
  [EXIT.UNAVAILABLE, 'a service or server cannot be reached'],
  [EXIT.UNKNOWN_OUTCOME, 'outcome unknown: the answer to a command was lost'],
  [EXIT.SIGINT, 'interrupted (143: terminated)'],
]

const CODES: Partial<Record<ErrorCode, number>> = {
  CONFIG_INVALID: EXIT.USAGE,
  CREDENTIALS_INVALID: EXIT.USAGE,
  PARAMETER_INVALID: EXIT.USAGE,
  STRATEGY_INVALID: EXIT.USAGE,
  MALFORMED_REQUEST: EXIT.USAGE,
  VALIDATION_FAILED: EXIT.USAGE,
  RECORDING_INVALID: EXIT.CHECK_FAILED,
  TAPE_FILE_INVALID: EXIT.CHECK_FAILED,
  VENUE_STATE_INVALID: EXIT.CHECK_FAILED,
  ARCHIVE_DAMAGED: EXIT.CHECK_FAILED,
  NOT_FOUND: EXIT.NOT_FOUND,
  TRIAL_DATA_MISSING: EXIT.NOT_FOUND,
  SYMBOL_UNKNOWN: EXIT.NOT_FOUND,
  STATE_CONFLICT: EXIT.CONFLICT,
  PRECONDITION_FAILED: EXIT.CONFLICT,
  PRECONDITION_REQUIRED: EXIT.CONFLICT,
  IDEMPOTENCY_IN_PROGRESS: EXIT.CONFLICT,
  IDEMPOTENCY_KEY_REUSED: EXIT.CONFLICT,
  DATA_FOLDER_IN_USE: EXIT.CONFLICT,
  OUTPUT_EXISTS: EXIT.CONFLICT,
  PORT_IN_USE: EXIT.CONFLICT,
  UNAUTHENTICATED: EXIT.FORBIDDEN,
  INSUFFICIENT_ROLE: EXIT.FORBIDDEN,
  UPSTREAM_UNAVAILABLE: EXIT.UNAVAILABLE,
  NOT_READY: EXIT.UNAVAILABLE,
  RATE_LIMITED: EXIT.UNAVAILABLE,
  NATS_UNREACHABLE: EXIT.UNAVAILABLE,
  POSTGRES_UNREACHABLE: EXIT.UNAVAILABLE,
  SERVER_MISSING: EXIT.UNAVAILABLE,
  SERVER_START_FAILED: EXIT.UNAVAILABLE,
}

/** The exit code of an error of the catalogue; 1 where a script cannot do anything about it. */
export const exitCodeOf = (code: ErrorCode): number => CODES[code] ?? EXIT.FAILED
