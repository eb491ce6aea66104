import { TapedeckError } from '@tapedeck/contracts'
import type { App, Reply, Request } from './app.ts'

/** The strong entity tag of a version. */
export const etagOf = (version: number): string => `"${version}"`

const tagsOf = (header: string): string[] => header.split(',').map((tag) => tag.trim())

/** Which answer a lost race gets: 412 for a precondition, 409 where the domain calls it a conflict. */
export type MismatchStyle = 'PRECONDITION_FAILED' | 'STATE_CONFLICT'

/** The error of a version that is not in force any more; it says which one is. */
export const versionMismatch = (
  currentVersion: number,
  style: MismatchStyle = 'PRECONDITION_FAILED',
): TapedeckError =>
  new TapedeckError(style, `The resource is at version ${currentVersion} now`, {
    details: { current_version: currentVersion },
  })

const ifMatchOf = (request: Request): string => {
  const header = request.headers['if-match']
  if (header === undefined || header.trim() === '')
    throw new TapedeckError('PRECONDITION_REQUIRED', 'The If-Match header is missing')
  return header
}

/**
 * Throws unless `If-Match` names the current version: 428 without the header, 412 (or 409) otherwise.
 * Weak tags never match (RFC 9110 §13.1.1); `*` matches whatever exists.
 */
export const checkIfMatch = (
  request: Request,
  currentVersion: number,
  style: MismatchStyle = 'PRECONDITION_FAILED',
): void => {
  const tags = tagsOf(ifMatchOf(request))
  if (!tags.includes('*') && !tags.includes(etagOf(currentVersion)))
    throw versionMismatch(currentVersion, style)
}

/**
 * The one version that `If-Match` asks for, to be compared inside the transaction; null for `*`. 428 without
 * the header, 400 for what can match no version.
 */
export const expectedVersion = (request: Request): number | null => {
  const header = ifMatchOf(request).trim()
  if (header === '*') return null
  const match = /^"(\d{1,15})"$/.exec(header)
  if (match === null)
    throw new TapedeckError('MALFORMED_REQUEST', 'If-Match is not a version', {
      details: {
        errors: [
          {
            header: 'If-Match',
            detail: 'expected one strong entity tag as the resource gave it, e.g. "7"',
            code: 'invalid_format',
          },
        ],
      },
    })
  return Number(match[1])
}

/** Sets the ETag; true when the caller has this version already, and 304 with an empty body is the answer. */
export const isNotModified = (request: Request, reply: Reply, version: number): boolean => {
  reply.header('etag', etagOf(version))
  const header = request.headers['if-none-match']
  if (header === undefined) return false
  const known = new Set(tagsOf(header).map((tag) => tag.replace(/^W\//, '')))
  if (!known.has('*') && !known.has(etagOf(version))) return false
  reply.code(304)
  return true
}

/** Refuses requests without `If-Match` on routes that declare `ifMatch`, before their handler runs. */
export const requireIfMatch = (app: App): void => {
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.routeOptions.config.ifMatch === true) ifMatchOf(request)
    done()
  })
}
