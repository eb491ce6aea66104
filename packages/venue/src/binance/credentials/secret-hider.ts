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

const variantsOf = (text: string): string[] => {
  const lines = text.split(/\r?\n/).filter((line) => line.length >= 16 && !line.includes('-----'))
  return [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1), ...lines]
}

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
      .replaceAll(BY_NAME, `$1${HIDDEN}`)
      .replaceAll(IN_PATH, `$1${HIDDEN}`)
      .replaceAll(BY_FORM, HIDDEN)
  }
}
