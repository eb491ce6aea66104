import { z } from 'zod'
import { Fault } from './fault.ts'

const Time = z.int().min(0).max(8_640_000_000_000_000)

/**
 * Which of what comes by is struck. Of what a fault could act on (a request, a message, a connection), in
 * the order in which it comes: each with a probability, the nth, every nth, the first one, or all.
 * `at` and `every` are for faults that are not about something that comes by, and strike the first thing
 * that does after their time, if they are. Times count from the venue's start, in milliseconds.
 */
const Schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('always') }),
  z.strictObject({ kind: z.literal('once') }),
  z.strictObject({ kind: z.literal('probability'), probability: z.number().min(0).max(1) }),
  z.strictObject({ kind: z.literal('nth'), nth: z.int().min(1) }),
  z.strictObject({ kind: z.literal('every_nth'), nth: z.int().min(1) }),
  z.strictObject({ kind: z.literal('at'), times_ms: z.array(Time).min(1).max(10_000) }),
  z.strictObject({
    kind: z.literal('every'),
    every_ms: z.int().min(1).max(86_400_000_000),
    /** Each time is later by a part of this, drawn. */
    jitter_ms: z.int().min(0).max(86_400_000).default(0),
  }),
])
export type Schedule = z.output<typeof Schedule>

/** What requests are about. `cancels` and `amends` are of plain and conditional orders alike. */
export const REQUEST_CLASSES = [
  'orders',
  'cancels',
  'amends',
  'queries',
  'settings',
  'listen_key',
  'market',
  'depth',
  'time',
  'exchange_info',
] as const
export type RequestClass = (typeof REQUEST_CLASSES)[number]

const Texts = z.array(z.string().min(1).max(100)).min(1).max(100)

/** Narrows what a fault acts on. What is absent does not narrow. */
const Target = z.strictObject({
  requests: z.array(z.enum(REQUEST_CLASSES)).min(1).optional(),
  methods: z
    .array(z.enum(['GET', 'POST', 'PUT', 'DELETE']))
    .min(1)
    .optional(),
  /** Whole paths, such as `/fapi/v1/order`. */
  paths: Texts.optional(),
  /** Parts of stream names, such as `@depth`. */
  streams: Texts.optional(),
  /** Events of account streams, such as `ORDER_TRADE_UPDATE`. */
  events: Texts.optional(),
  symbols: Texts.optional(),
  accounts: Texts.optional(),
})
export type Target = z.output<typeof Target>

export const PlannedFault = z.strictObject({
  fault: Fault,
  when: Schedule,
  on: Target.default({}),
  /** Only from here, and until there; milliseconds since the venue's start. */
  from_ms: Time.default(0),
  until_ms: Time.nullable().default(null),
  /** Once it strikes, it strikes whatever it can for so long. */
  lasting_ms: z.int().min(0).max(86_400_000).default(0),
  /** Strikes at most so often; what lasts is one. */
  times: z.int().min(1).nullable().default(null),
})
export type PlannedFault = z.output<typeof PlannedFault>
/** As written: what has a default may be left out. */
export type PlannedFaultInput = z.input<typeof PlannedFault>

/**
 * What goes wrong at a venue, and when. The same plan, seed included, and the same requests at the same
 * times meet the same faults; each fault draws from a generator of its own, so that leaving one out does
 * not change when the others strike.
 */
export const FaultPlan = z.strictObject({
  name: z.string().min(1).max(100),
  seed: z.int().min(0).max(4_294_967_295).default(1),
  faults: z.array(PlannedFault).max(1000),
})
export type FaultPlan = z.output<typeof FaultPlan>
/** As written: what has a default may be left out. */
export type FaultPlanInput = z.input<typeof FaultPlan>
