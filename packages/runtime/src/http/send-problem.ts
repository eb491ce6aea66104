import { randomBytes } from 'node:crypto'
import type { Reply, Request } from './app.ts'
import { PROBLEM_MEDIA_TYPE, problemDocument, type ProblemDetails } from './problem.ts'
import { problemOfError } from './problem-of-error.ts'
import { setSecureHeaders } from './secure-responses.ts'

const CHALLENGE: Readonly<Record<number, string>> = {
  401: 'Bearer realm="tapedeck", error="invalid_token"',
  403: 'Bearer realm="tapedeck", error="insufficient_scope"',
}

/** A trace id for a request that came without one. */
export const newTraceId = (): string => randomBytes(16).toString('hex')

/** Answers with a problem, and the headers that belong to it. */
export const sendProblem = (request: Request, reply: Reply, details: ProblemDetails): Reply => {
  // A request that the framework refuses has not been through our hooks.
  const state = request.state as Request['state'] | null | undefined
  const traceId = state?.traceId ?? newTraceId()
  if (!state) {
    reply.header('x-request-id', request.id)
    setSecureHeaders(reply)
  }
  const problem = problemDocument(details, { requestId: request.id, traceId })
  const { status, retry_after_ms: retryAfterMs } = problem
  const challenge = CHALLENGE[status]
  if (challenge !== undefined) reply.header('www-authenticate', challenge)
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1000))
  if (status === 415) reply.header('accept', 'application/json')
  const version = details.extensions?.['current_version']
  if (status === 412 && typeof version === 'number') reply.header('etag', `"${version}"`)
  return reply
    .code(status)
    .removeHeader('content-length')
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problem))
}

/** Answers with the problem that a thrown value is, and logs what is our fault. */
export const sendError = (request: Request, reply: Reply, error: unknown): Reply => {
  const details = problemOfError(error)
  const response = sendProblem(request, reply, details)
  if (reply.statusCode >= 500)
    request.log.error(
      { event: 'request_failed', code: details.code, err: error },
      'a request failed',
    )
  return response
}
