import { ERRORS, type ErrorCode } from '@tapedeck/contracts'
import { z } from 'zod'

/** One field of a request that is wrong. */
export const ProblemField = z.object({
  pointer: z.string().optional().describe('JSON Pointer (RFC 6901) into the body'),
  parameter: z.string().optional().describe('Name of the query or path parameter'),
  header: z.string().optional().describe('Name of the header'),
  detail: z.string().describe('What was expected'),
  code: z.string().describe('Stable kind of the mistake'),
})
export type ProblemField = z.infer<typeof ProblemField>

/** RFC 9457 with our members. Every error of every service has this shape. */
export const Problem = z
  .looseObject({
    type: z.string().describe('URN of the kind of problem'),
    title: z.string().describe('The kind in words; the same for every occurrence'),
    status: z.int().describe('HTTP status'),
    detail: z.string().describe('This occurrence, for people; never parse it'),
    instance: z.string().describe('URN of this request'),
    code: z.string().describe('Stable code; docs/reference/errors.md lists all'),
    hint: z.string().describe('What to do'),
    retryable: z.boolean().describe('Whether the same request may succeed later'),
    retry_after_ms: z.int().optional().describe('How long to wait before trying again'),
    trace_id: z.string().describe('Finds the request in logs and traces'),
    errors: z.array(ProblemField).optional().describe('Every field that is wrong'),
  })
  .describe('A problem (RFC 9457)')
export type Problem = z.infer<typeof Problem>

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** Ids by which a person finds the request again. */
export interface Occurrence {
  readonly requestId: string
  readonly traceId: string
}

export interface ProblemDetails {
  readonly code: ErrorCode
  readonly detail: string
  /** Overrides the status of the catalogue. */
  readonly status?: number
  readonly errors?: readonly ProblemField[]
  readonly retryAfterMs?: number
  /** Further members; they never replace the standard ones. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** URN of an error code; a URN because an installation has no address that it could point to. */
const typeOf = (code: ErrorCode): string =>
  `urn:tapedeck:error:${code.toLowerCase().replaceAll('_', '-')}`

/** The document of a problem. */
export const problemDocument = (details: ProblemDetails, occurrence: Occurrence): Problem => {
  const entry = ERRORS[details.code]
  return {
    ...details.extensions,
    type: typeOf(details.code),
    title: entry.title,
    status: details.status ?? entry.status,
    detail: details.detail,
    instance: `urn:tapedeck:request:${occurrence.requestId}`,
    code: details.code,
    hint: entry.hint,
    retryable: entry.next === 'retry',
    ...(details.retryAfterMs === undefined ? {} : { retry_after_ms: details.retryAfterMs }),
    trace_id: occurrence.traceId,
    ...(details.errors === undefined ? {} : { errors: [...details.errors] }),
  }
}
