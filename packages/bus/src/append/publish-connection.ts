import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream'
import {
  createInbox,
  headers as createHeaders,
  type ConnectionOptions,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from '@nats-io/transport-node'
import { connectForever } from '../connection/connect-forever.ts'
import { MESSAGE_ID_HEADER, TAPE_STREAM } from '../streams/stream-names.ts'
import type { AppendMessage } from './append-message.ts'

/** What the server said to one message. */
export type Answer =
  | { readonly stored: true; readonly seq: number }
  | { readonly stored: false; readonly code: number; readonly detail: string }

export type PublishEvents = {
  /** `ticket` is what `publish` was called with. */
  readonly onAnswer: (ticket: number, answer: Answer) => void
  readonly onForbidden: (subject: string) => void
  /** The connection is gone, for good. Called once. */
  readonly onLost: (reason: string) => void
}

/** One TCP connection, never repaired: the server handles what comes over it in order, or not at all. */
export type PublishConnection = {
  readonly nc: NatsConnection
  readonly jsm: JetStreamManager
  publish(ticket: number, message: AppendMessage, headers: MsgHdrs): void
  close(): Promise<void>
}

type PubAck = {
  stream?: string
  seq?: number
  error?: { code: number; err_code?: number; description?: string }
}

const readAnswer = (msg: Msg): Answer => {
  // No stream listens (503): the server says so without a body.
  if (msg.data.length === 0) {
    const code = msg.headers?.code ?? 0
    return { stored: false, code, detail: code === 503 ? 'JetStream does not answer' : 'no body' }
  }
  const ack = msg.json<PubAck>()
  if (ack.stream === TAPE_STREAM && typeof ack.seq === 'number') {
    return { stored: true, seq: ack.seq }
  }
  const { code = 500, description = JSON.stringify(ack) } = ack.error ?? {}
  return { stored: false, code, detail: description }
}

const followNotices = async (nc: NatsConnection, events: PublishEvents): Promise<void> => {
  for await (const notice of nc.status()) {
    if (notice.type !== 'error') continue
    const violation = notice.error as Error & { operation?: string; subject?: string }
    if (violation.name !== 'PermissionViolationError' || violation.operation !== 'publish') continue
    events.onForbidden(violation.subject ?? '')
  }
}

const followEnd = async (nc: NatsConnection, events: PublishEvents): Promise<void> => {
  const error = await nc.closed()
  events.onLost(error?.message ?? 'closed')
}

/** The headers of a message on the wire. */
export const messageHeaders = (message: AppendMessage, traceparent: string | null): MsgHdrs => {
  const all = createHeaders()
  for (const [name, value] of Object.entries(message.headers ?? {})) all.set(name, value)
  if (traceparent !== null && message.headers?.['traceparent'] === undefined) {
    all.set('traceparent', traceparent)
  }
  all.set(MESSAGE_ID_HEADER, message.id)
  return all
}

/** Connects for as long as it takes. Throws NATS_LOGIN_REFUSED, or NATS_UNREACHABLE when `signal` aborts. */
export const openPublishConnection = async (
  options: ConnectionOptions,
  events: PublishEvents,
  onFailure: (error: Error) => void,
  signal: AbortSignal,
): Promise<PublishConnection> => {
  const nc = await connectForever(
    { ...options, reconnect: false, pingInterval: 2_000, name: `${options.name ?? ''} appender` },
    onFailure,
    signal,
  )
  const inbox = createInbox()
  nc.subscribe(`${inbox}.*`, {
    callback: (error, msg) => {
      if (error !== null) return
      events.onAnswer(Number(msg.subject.slice(inbox.length + 1)), readAnswer(msg))
    },
  })
  void followNotices(nc, events)
  void followEnd(nc, events)
  return {
    nc,
    jsm: await jetstreamManager(nc, { checkAPI: false, timeout: 2_000 }),
    publish: (ticket, message, headers) =>
      nc.publish(message.subject, message.bytes, { reply: `${inbox}.${ticket}`, headers }),
    close: async () => await nc.close(),
  }
}
