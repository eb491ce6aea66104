import type { Delivery, VenueRequest, VenueResponse } from '../venue/venue-request.ts'
import {
  alteredAnswer,
  oddFiltersAnswer,
  oldSnapshotAnswer,
  truncatedAnswer,
  weightAnswer,
} from './altered-answers.ts'
import type { ArmedFault } from './armed-fault.ts'
import type { RequestFault } from './fault.ts'
import {
  answered,
  codeAnswer,
  emptyAnswer,
  htmlAnswer,
  unavailableAnswer,
} from './faulty-answers.ts'
import { canOnlyReduce, classesOf } from './request-class.ts'

/**
 * What a fault does to a request: it never arrives, or is done, and this is answered instead; or its own
 * answer is changed, or comes late.
 */
export type RequestEffect =
  | { readonly kind: 'instead'; readonly delivery: Delivery; readonly accepted: boolean }
  | { readonly kind: 'change'; readonly change: (response: VenueResponse) => VenueResponse }
  | { readonly kind: 'late'; readonly delayMs: number }

/** What was asked, when, and whether a fault that leaves that to chance lets it be done. */
type Asked = {
  readonly request: VenueRequest
  readonly at: number
  readonly chance: (probability: number) => boolean
  readonly integer: (low: number, high: number) => number
}
type Effect<Kind extends RequestFault['kind']> = (
  fault: Extract<RequestFault, { kind: Kind }>,
  asked: Asked,
) => RequestEffect | null

const RESET: Delivery = { kind: 'reset', delayMs: 0 }
const HANG: Delivery = { kind: 'hang' }
const UNKNOWN = 'Unknown error, please check your request or try again later.'
const UNAVAILABLE = 'Service Unavailable.'
const INTERNAL = 'Internal error; unable to process your request. Please try again.'

const refusedWith = (response: VenueResponse): RequestEffect => ({
  kind: 'instead',
  delivery: answered(response),
  accepted: false,
})
const change = (changed: (response: VenueResponse) => VenueResponse): RequestEffect => ({
  kind: 'change',
  change: changed,
})

/** Whether it was done is not told by the answer. */
const unclear = (
  accepted: 'never' | 'always' | 'seeded',
  { chance }: Asked,
  delivery: Delivery,
): RequestEffect => ({
  kind: 'instead',
  delivery,
  accepted: accepted === 'always' || (accepted === 'seeded' && chance(0.5)),
})

/** True for what a venue in trouble still takes. */
const isSpared = (request: VenueRequest): boolean =>
  canOnlyReduce(request) || classesOf(request).includes('cancels')

const banned = (request: VenueRequest, until: number): VenueResponse =>
  codeAnswer(
    418,
    -1003,
    `Way too many requests; IP(${request.remote}) banned until ${until}. Please use the websocket for live updates to avoid bans.`,
  )

const EFFECTS: { readonly [Kind in RequestFault['kind']]: Effect<Kind> } = {
  latency: (fault, { integer }) => ({
    kind: 'late',
    delayMs: integer(fault.low_ms, fault.high_ms),
  }),
  reset: (fault, asked) => unclear(fault.accepted, asked, RESET),
  timeout: (fault, asked) => unclear(fault.accepted, asked, HANG),
  answer_lost: (fault, asked) => unclear('always', asked, fault.as === 'reset' ? RESET : HANG),
  empty_answer: (fault, asked) => unclear(fault.accepted, asked, answered(emptyAnswer())),
  html_answer: (fault, asked) => unclear(fault.accepted, asked, answered(htmlAnswer(fault.status))),
  execution_unknown: (fault, asked) =>
    unclear(fault.accepted, asked, answered(unavailableAnswer(UNKNOWN))),
  backend_timeout: (fault, asked) =>
    unclear(fault.accepted, asked, answered(codeAnswer(408, -1007))),
  unknown_code: (fault, asked) =>
    unclear(fault.accepted, asked, answered(codeAnswer(400, fault.code))),
  rate_limited: ({ retry_after_s: wait }) =>
    refusedWith(
      codeAnswer(429, -1003, undefined, wait === null ? {} : { 'retry-after': String(wait) }),
    ),
  order_rate_limited: (fault) => refusedWith(codeAnswer(fault.status, -1015)),
  banned: (fault, { request, at }) => refusedWith(banned(request, at + fault.for_ms)),
  service_unavailable: () => refusedWith(unavailableAnswer(UNAVAILABLE)),
  internal_error: () => refusedWith(unavailableAnswer(INTERNAL)),
  overloaded: (_, { request }) => (isSpared(request) ? null : refusedWith(codeAnswer(503, -1008))),
  refused: (fault) => refusedWith(codeAnswer(400, fault.code)),
  restricted: (fault, { request }) =>
    isSpared(request) ? null : refusedWith(codeAnswer(400, fault.code)),
  key_refused: () => refusedWith(codeAnswer(401, -2015)),
  listen_key_gone: () => refusedWith(codeAnswer(400, -1125)),
  outage: (fault) => {
    if (fault.as === 'service_unavailable') return refusedWith(unavailableAnswer(UNAVAILABLE))
    return { kind: 'instead', delivery: fault.as === 'timeout' ? HANG : RESET, accepted: false }
  },
  truncated_answer: () => change(truncatedAnswer),
  altered_answer: (fault) => change((response) => alteredAnswer(response, fault.alteration)),
  odd_filters: () => change(oddFiltersAnswer),
  old_snapshot: () => change(oldSnapshotAnswer),
  weight_jumps: (fault) => change((response) => weightAnswer(response, fault.to)),
}

/** What a fault does to this request, or null when it leaves it alone. Draws what has to be drawn. */
export const requestEffect = (
  { fault, timing: { random } }: ArmedFault<RequestFault>,
  request: VenueRequest,
  at: number,
): RequestEffect | null =>
  (EFFECTS[fault.kind] as Effect<RequestFault['kind']>)(fault, {
    request,
    at,
    chance: (probability) => random.chance(probability),
    integer: (low, high) => random.integer(low, high),
  })
