import { z } from 'zod'

const Milliseconds = z.int().min(0).max(86_400_000)

/** Whether the venue did what was asked before the answer went wrong; `seeded`: half of the time. */
const Accepted = z.enum(['never', 'always', 'seeded'])

/** Faults of REST requests and their answers. Which requests: `PlannedFault.on`. */
export const REQUEST_FAULTS = [
  z.strictObject({
    kind: z.literal('latency').meta({ says: 'the answer comes late' }),
    low_ms: Milliseconds,
    high_ms: Milliseconds,
  }),
  z.strictObject({
    kind: z.literal('reset').meta({ says: 'the connection is reset instead of an answer' }),
    accepted: Accepted,
  }),
  z.strictObject({
    kind: z.literal('timeout').meta({ says: 'no answer ever comes' }),
    accepted: Accepted,
  }),
  z.strictObject({
    kind: z.literal('answer_lost').meta({ says: 'done at the venue, and the answer is lost' }),
    as: z.enum(['reset', 'timeout']),
  }),
  z.strictObject({
    kind: z.literal('empty_answer').meta({ says: 'status 200 and no body' }),
    accepted: Accepted,
  }),
  z.strictObject({
    kind: z.literal('html_answer').meta({
      says: 'a page of HTML: 200, 403 (firewall), 502 or 504 (gateway)',
    }),
    status: z.union([z.literal(200), z.literal(403), z.literal(502), z.literal(504)]),
    accepted: Accepted,
  }),
  z.strictObject({
    kind: z.literal('truncated_answer').meta({ says: 'JSON that ends in the middle' }),
  }),
  z.strictObject({
    kind: z.literal('altered_answer').meta({
      says: 'an answer with other fields than documented',
    }),
    alteration: z.enum([
      'unknown_fields',
      'unknown_values',
      'numbers_as_strings',
      'strings_as_numbers',
      'nulls',
    ]),
  }),
  z.strictObject({
    kind: z.literal('odd_filters').meta({
      says: 'exchange information with steps, minima and filters that nobody expects',
    }),
  }),
  z.strictObject({
    kind: z.literal('old_snapshot').meta({
      says: 'depth snapshots older than what was streamed before they were asked for',
    }),
  }),
  z.strictObject({
    kind: z.literal('rate_limited').meta({ says: '429, -1003: weight used up' }),
    retry_after_s: z.int().min(0).max(3600).nullable(),
  }),
  z.strictObject({
    kind: z.literal('order_rate_limited').meta({ says: '-1015: too many new orders' }),
    status: z.union([z.literal(400), z.literal(429)]).default(429),
  }),
  z.strictObject({
    kind: z.literal('banned').meta({
      says: '418: the address is banned until a time named in the message alone',
    }),
    for_ms: Milliseconds,
  }),
  z.strictObject({
    kind: z.literal('weight_jumps').meta({
      says: 'the used-weight header jumps as if others shared the address',
    }),
    to: z.int().min(0).max(10_000),
  }),
  z.strictObject({
    kind: z.literal('execution_unknown').meta({
      says: '503 "Unknown error": whether it was done is not said',
    }),
    accepted: Accepted,
  }),
  z.strictObject({
    kind: z.literal('service_unavailable').meta({ says: '503 "Service Unavailable.": not done' }),
  }),
  z.strictObject({
    kind: z.literal('overloaded').meta({
      says: '503, -1008: not done; cancels and reduce-only orders pass',
    }),
  }),
  z.strictObject({
    kind: z
      .literal('internal_error')
      .meta({ says: '"Internal error; unable to process": not done' }),
  }),
  z.strictObject({
    kind: z.literal('backend_timeout').meta({ says: '408, -1007: execution status unknown' }),
    accepted: Accepted,
  }),
  z.strictObject({
    kind: z.literal('unknown_code').meta({
      says: '-1000, -1001 or -1006: execution status unknown',
    }),
    code: z.union([z.literal(-1000), z.literal(-1001), z.literal(-1006)]),
    accepted: Accepted,
  }),
  z.strictObject({
    kind: z.literal('refused').meta({ says: 'not done, with the named error code' }),
    code: z.int().min(-9999).max(-1),
  }),
  z.strictObject({
    kind: z.literal('restricted').meta({
      says: '-2023, -4192 or -4400: orders that are not reduce-only are refused',
    }),
    code: z.union([z.literal(-2023), z.literal(-4192), z.literal(-4400)]),
  }),
  z.strictObject({
    kind: z.literal('key_refused').meta({
      says: '-2015: the key may not do this, or not from this address',
    }),
  }),
  z.strictObject({
    kind: z.literal('listen_key_gone').meta({ says: '-1125: the listen key does not exist' }),
  }),
  z.strictObject({
    kind: z.literal('outage').meta({ says: 'one part of the venue is down, the others work' }),
    part: z.enum(['orders', 'queries', 'streams']),
    as: z.enum(['service_unavailable', 'timeout', 'reset']).default('service_unavailable'),
  }),
] as const

/** What is on or off, and about nothing that comes by. */
export const SWITCHES = [
  z.strictObject({
    kind: z.literal('clock_offset').meta({ says: "the venue's clock is ahead, or behind" }),
    offset_ms: z.int().min(-86_400_000).max(86_400_000),
  }),
  z.strictObject({
    kind: z.literal('clock_drift').meta({ says: "the venue's clock runs fast, or slow" }),
    ms_per_hour: z.int().min(-3_600_000).max(3_600_000),
  }),
  z.strictObject({
    kind: z.literal('countdown_cancels_algo').meta({
      says: "the dead man's switch cancels conditional orders too",
    }),
  }),
] as const
