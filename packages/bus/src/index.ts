/**
 * The tape on NATS JetStream, and everything else that goes over NATS. Only home of @nats-io.
 *
 * Entry points: `connectBus` (one per process), `bus.tape` (append and read the one total order),
 * `createTapeHub` (one reading shared by all services of a process). Invariants: what is appended stays
 * in the order of the calls without holes, whatever happens to the server; what is read comes in tape
 * order, each message once per reading, from a position that the reader keeps; every buffer has a
 * bound; a connection is never given up.
 */
export { connectBus, type Bus, type BusOptions } from './connect-bus.ts'
export type { BusStatus, StatusListener } from './connection/connection-status.ts'
export type { TroubleListener } from './connection/tape-troubles.ts'
export type { BusLogger } from './connection/bus-logger.ts'
export type { Login } from './connection/login.ts'
export type { Tape } from './tape.ts'
export type { AppendMessage } from './append/append-message.ts'
export { rawMessage, type RawMessage } from './raw-message.ts'
export type { ReadOptions, TapeReading } from './read/read-tape.ts'
export { createTapeHub, type TapeHub } from './hub/tape-hub.ts'
export type { SubscribeOptions } from './hub/subscriber.ts'
export { DEAD_LETTER_HEADERS, type DeadLetter } from './dead-letter.ts'
export type { Responder } from './requests.ts'
export type { Provisioned, Retention } from './streams/provision.ts'
export { DEAD_STREAM, MESSAGE_ID_HEADER, TAPE_STREAM } from './streams/stream-names.ts'
export type {
  FollowOptions,
  Following,
  GivenUp,
  LaneState,
  TakenJob,
  TakeOptions,
  WorkFailure,
  WorkJob,
  WorkQueue,
  WorkResult,
} from './work-queue/index.ts'
