import {
  JetStreamApiError,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream'
import { TapedeckError } from '@tapedeck/contracts'

const STREAM_NOT_FOUND = 10_059
const STORAGE_EXCEEDED = new Set([10_047, 10_028])

/** The settings of a stream that we depend on. */
export type WantedStream = Partial<StreamConfig> & Pick<StreamConfig, 'name'>
export type EnsuredStream = { readonly created: boolean; readonly info: StreamInfo }

/** Whether `got` says everything that `wanted` says; a server may add fields of its own. */
const holds = (wanted: unknown, got: unknown): boolean => {
  if (typeof wanted !== 'object' || wanted === null) {
    // A server leaves out what is false or zero.
    return wanted === got || (got === undefined && (wanted === false || wanted === 0))
  }
  if (typeof got !== 'object' || got === null) return false
  const values = new Map<string, unknown>(Object.entries(got))
  if (Array.isArray(wanted) && values.size !== wanted.length) return false
  return Object.entries(wanted).every(([key, value]) => holds(value, values.get(key)))
}

const differing = (wanted: WantedStream, got: Partial<StreamConfig>): string[] =>
  Object.entries(wanted)
    .filter(([key, value]) => !holds(value, got[key as keyof StreamConfig]))
    .map(([key]) => key)

const existing = async (jsm: JetStreamManager, name: string): Promise<StreamInfo | null> => {
  try {
    return await jsm.streams.info(name)
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return null
    throw error
  }
}

const refused = (name: string, error: unknown): unknown => {
  if (!(error instanceof JetStreamApiError)) return error
  const code = STORAGE_EXCEEDED.has(error.code) ? 'DISK_FULL' : 'CONFIG_INVALID'
  return new TapedeckError(code, `NATS refused the settings of stream ${name}: ${error.message}`, {
    cause: error,
    details: { stream: name, code: error.code },
  })
}

/** How a question is put to a server that may be away for a moment. */
export type Ask = <T>(question: () => Promise<T>) => Promise<T>

/**
 * Creates or updates a stream and reads its settings back: older servers accept settings that they do
 * not know and drop them without a word. Doing it again changes nothing. Throws STREAM_CONFIG_DROPPED
 * naming what was dropped, CONFIG_INVALID or DISK_FULL when the server refuses.
 */
export const ensureStream = async (
  jsm: JetStreamManager,
  wanted: WantedStream,
  ask: Ask,
): Promise<EnsuredStream> => {
  const before = await ask(async () => await existing(jsm, wanted.name))
  try {
    if (before === null) {
      await ask(async () => await jsm.streams.add(wanted))
    } else if (differing(wanted, before.config).length > 0) {
      const config = { ...before.config, ...wanted }
      await ask(async () => await jsm.streams.update(wanted.name, config))
    }
  } catch (error) {
    throw refused(wanted.name, error)
  }
  const info = await ask(async () => await jsm.streams.info(wanted.name))
  const fields = differing(wanted, info.config)
  if (fields.length === 0) return { created: before === null, info }
  throw new TapedeckError(
    'STREAM_CONFIG_DROPPED',
    `NATS dropped ${fields.join(', ')} of stream ${wanted.name}`,
    { details: { stream: wanted.name, fields } },
  )
}
