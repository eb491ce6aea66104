import { isPem, readPrivateKey } from './private-key.ts'
import type { Credentials } from './secret.ts'

const HIDDEN = '[secret]'
const KNOWN_MAX = 16
/** What may be a secret without being one of those known: by the name before it. */
const BY_NAME =
  /((?:signature|listen_?key|api_?key|secret|x-mbx-apikey|passphrase)["']?\s*[:=]\s*["']?)[^\s"'&,;}<>]{4,}/gi
/** A listen key in the path of a stream. */
const IN_PATH = /(\/private\/(?:ws|stream)\/)[A-Za-z0-9]{16,}/g
/** 64 hexadecimal digits are a signature; keys of Binance have 64 letters and digits. */
const BY_FORM = /(?<![A-Za-z0-9])[A-Za-z0-9]{64}(?![A-Za-z0-9])/g

/** A private key in PEM, whosever it is, with whatever for line breaks, or cut off. */
const PEM =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?!-----)[\s\S])*(?:-----END [A-Z0-9 ]*PRIVATE KEY-----)?/g
/** A signature in base64: 64 bytes of Ed25519 with its end, 256 or more of RSA. */
const BASE64_SIGNATURE = /(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{86,}==?|[A-Za-z0-9+/]{340,})/g
/** Of a line of PEM: shorter ones are at the end of a key and say next to nothing. */
const LINE_MIN = 16

const spellingsOf = (text: string): string[] => [
  text,
  encodeURIComponent(text),
  JSON.stringify(text).slice(1, -1),
]

/** A PEM text, its lines one by one, and all of them in one. */
const linesOf = (pem: string): string[] => {
  const lines = pem
    .replaceAll(String.raw`\n`, '\n')
    .split(/\r?\n/)
    .filter((line) => line.length >= LINE_MIN && !line.includes('-----'))
  return [pem, lines.join(''), ...lines]
}

/** What a private key may be told by: its spellings, and what is inside of it. */
const partsOfPem = (text: string): string[] => {
  const reading = readPrivateKey(text)
  if (!reading.ok) return linesOf(text)
  const { key, kind, pem } = reading
  const { d = '' } = key.export({ format: 'jwk' })
  const inside = Buffer.from(d, 'base64url')
  const old = kind === 'RSA' ? (key.export({ type: 'pkcs1', format: 'pem' }) as string) : ''
  return [
    ...[text, pem, `${pem}\n`, old].flatMap(linesOf),
    d,
    inside.toString('base64').replaceAll('=', ''),
    inside.toString('hex'),
  ]
}

const variantsOf = (text: string): string[] =>
  [text, ...(isPem(text) ? partsOfPem(text) : [])].flatMap(spellingsOf)

/** Removes keys, signatures and listen keys from texts that leave the adapter: logs, errors, outcomes. */
export class SecretHider {
  #fixed: readonly string[] = []
  #learned: string[] = []

  /** Null: whoever has no keys; what looks like one is hidden all the same. */
  constructor(credentials: Credentials | null) {
    if (credentials !== null) this.know(credentials)
  }

  /** Keys that are in use from now on, beside those before. */
  know({ apiKey, secret }: Credentials): void {
    const added = [apiKey.reveal(), secret.reveal()]
      // Shorter ones are of no venue, and replacing them would take texts apart.
      .filter((text) => text.length >= 6)
      .flatMap(variantsOf)
      .filter((text) => text.length >= 6)
    this.#fixed = [...new Set([...this.#fixed, ...added])].toSorted((a, b) => b.length - a.length)
  }

  /** A listen key that was given to us. */
  learn(text: string): void {
    if (text.length < 8 || this.#learned.includes(text)) return
    this.#learned = [...this.#learned, text].slice(-KNOWN_MAX)
  }

  hide(text: string): string {
    let clean = text
    for (const known of [...this.#fixed, ...this.#learned]) clean = clean.replaceAll(known, HIDDEN)
    return clean
      .replaceAll(PEM, HIDDEN)
      .replaceAll(BASE64_SIGNATURE, HIDDEN)
      .replaceAll(BY_NAME, `$1${HIDDEN}`)
      .replaceAll(IN_PATH, `$1${HIDDEN}`)
      .replaceAll(BY_FORM, HIDDEN)
  }
}
