import type { z } from 'zod'

/**
 * Holds what may be lost. No call ever fails or waits for long: without its server everything is a miss.
 * Nothing that must be true may depend on it.
 */
export interface Cache {
  /** The value, if it is there and fits `schema`; else null. */
  get<S extends z.ZodType>(key: string, schema: S): Promise<z.output<S> | null>
  /** Whether it was stored. `value` must survive JSON. */
  set(key: string, value: unknown, ttlMs: number): Promise<boolean>
  delete(key: string): Promise<boolean>
  /** Counts one up in the window that began with the first count; null when it cannot be counted. */
  increment(key: string, windowMs: number): Promise<CacheCount | null>
  /** Whether its server answers at present. */
  readonly available: boolean
  close(): Promise<void>
}

export interface CacheCount {
  readonly count: number
  /** Until the window is over. */
  readonly resetMs: number
}

/** The cache of a process without Redis: it never has anything. */
export const noCache: Cache = {
  get: () => Promise.resolve(null),
  set: () => Promise.resolve(false),
  delete: () => Promise.resolve(false),
  increment: () => Promise.resolve(null),
  available: false,
  close: () => Promise.resolve(),
}
