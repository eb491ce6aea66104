import { sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

const uuidText = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`

/** The namespace that was asked for last, as bytes: ids come by the thousand in one run. */
let last: { readonly namespace: string; readonly bytes: Uint8Array } | null = null

const bytesOf = (namespace: string): Uint8Array => {
  if (last?.namespace !== namespace)
    last = { namespace, bytes: hexToBytes(namespace.replaceAll('-', '')) }
  return last.bytes
}

/** UUID version 5 (RFC 9562 §5.5): the same name in the same namespace is the same id, everywhere. */
export const uuid5 = (namespace: string, name: string): string => {
  const space = bytesOf(namespace)
  const text = utf8ToBytes(name)
  const input = new Uint8Array(space.length + text.length)
  input.set(space)
  input.set(text, space.length)
  const digest = sha1(input)
  digest[6] = (digest[6]! & 0x0f) | 0x50
  digest[8] = (digest[8]! & 0x3f) | 0x80
  return uuidText(bytesToHex(digest).slice(0, 32))
}

/** The namespace of everything that Tapedeck names. */
export const TAPEDECK_NAMESPACE = 'b1f5c3a2-6d0e-5a57-9a53-0c8b8f6f7e11'

/** The id of an event: doing the same work twice makes the same id. */
export const eventId = (
  runId: string,
  type: string,
  aggregateId: string,
  aggregateVersion: number,
): string => uuid5(runId, `${type}|${aggregateId}|${aggregateVersion}`)

/** First `length` hex digits of the SHA-256 of `text`. For synthetic ids and configuration hashes. */
export const shortHash = (text: string, length = 16): string =>
  bytesToHex(sha256(utf8ToBytes(text))).slice(0, length)
