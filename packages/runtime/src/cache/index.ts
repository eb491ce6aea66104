/**
 * What may be lost, in Redis. The only home of ioredis.
 *
 * Entry points: `connectCache`, `noCache`. Invariants: no call throws or waits longer than one command
 * timeout; losing the server costs speed, never truth.
 */
export { noCache, type Cache, type CacheCount } from './cache.ts'
export { connectCache, type CacheOptions } from './connect-cache.ts'
