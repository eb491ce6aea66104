import { z } from 'zod'
import { Millis, Uuid } from './values/scalars.ts'

/** Who made an envelope, with which code and which configuration. */
export const Producer = z.object({
  service: z.string().min(1).max(40),
  version: z.string().min(1).max(40),
  /** First 16 hex digits of the SHA-256 of the service's deciding configuration. */
  config_hash: z.string().regex(/^[0-9a-f]{16}$/),
})
export type Producer = z.infer<typeof Producer>

/**
 * What every message on the tape looks like. `occurred_at` is market time, `recorded_at` is ours;
 * nothing may be decided from `recorded_at`.
 */
export const Envelope = z.object({
  event_id: Uuid,
  seq: z.int().min(1),
  type: z.string().regex(/^[a-z_]+(\.[a-z_]+){1,3}$/),
  schema_version: z.int().min(1),
  aggregate_type: z.string().regex(/^[a-z_]{1,40}$/),
  aggregate_id: z.string().min(1).max(160),
  aggregate_version: z.int().min(1),
  occurred_at: Millis,
  recorded_at: Millis,
  run_id: Uuid,
  correlation_id: z.string().min(1).max(160).nullable(),
  causation_id: Uuid.nullable(),
  producer: Producer,
  payload: z.unknown(),
})

/** An envelope whose payload is known to be `P`. */
export type Envelope<P = unknown> = Omit<z.infer<typeof Envelope>, 'payload'> & { payload: P }
