import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto'
import { TapedeckError } from '@tapedeck/contracts'
import { Secret, type Credentials } from './secret.ts'

const FORMAT = 'tapedeck-credentials'
const VERSION = 1
/** 128 MB and about half a second for each guess. */
const COST = { N: 131_072, r: 8, p: 1 } as const
/** More would let a forged file take the machine's memory. */
const COST_MAX = { N: 1_048_576, r: 16, p: 4 } as const
const PASSPHRASE_MIN = 12

type Header = {
  readonly format: string
  readonly version: number
  readonly kdf: {
    readonly name: 'scrypt'
    readonly N: number
    readonly r: number
    readonly p: number
    readonly salt: string
  }
  readonly cipher: { readonly name: 'aes-256-gcm'; readonly iv: string }
}
type Sealed = Header & { readonly tag: string; readonly data: string; readonly sha256: string }

const broken = (problem: string): TapedeckError =>
  new TapedeckError('CREDENTIALS_INVALID', `the file of credentials ${problem}`)

const deriveKey = (passphrase: Secret, { N, r, p, salt }: Header['kdf']): Buffer =>
  scryptSync(passphrase.reveal().normalize('NFKC'), Buffer.from(salt, 'base64'), 32, {
    N,
    r,
    p,
    maxmem: 256 * N * r,
  })

/** What is authenticated but not encrypted, in one spelling. */
const headerText = ({ format, version, kdf, cipher }: Header): string =>
  JSON.stringify([format, version, kdf.name, kdf.N, kdf.r, kdf.p, kdf.salt, cipher.name, cipher.iv])

const sumOf = (header: Header, tag: string, data: string): string =>
  createHash('sha256')
    .update([headerText(header), tag, data].join('\n'))
    .digest('hex')

/**
 * Encrypts credentials under a passphrase: AES-256-GCM with a key from scrypt, as JSON text for a file. The same
 * credentials give another text every time. Throws CREDENTIALS_INVALID when the passphrase is shorter than 12 characters.
 */
export const sealCredentials = ({ apiKey, secret }: Credentials, passphrase: Secret): string => {
  if (passphrase.reveal().length < PASSPHRASE_MIN)
    throw new TapedeckError(
      'CREDENTIALS_INVALID',
      `the passphrase has ${passphrase.reveal().length} characters: expected ${PASSPHRASE_MIN} or more`,
    )
  const header: Header = {
    format: FORMAT,
    version: VERSION,
    kdf: { name: 'scrypt', ...COST, salt: randomBytes(16).toString('base64') },
    cipher: { name: 'aes-256-gcm', iv: randomBytes(12).toString('base64') },
  }
  const cipher = createCipheriv(
    'aes-256-gcm',
    deriveKey(passphrase, header.kdf),
    Buffer.from(header.cipher.iv, 'base64'),
  )
  cipher.setAAD(Buffer.from(headerText(header)))
  const plain = JSON.stringify({ api_key: apiKey.reveal(), secret: secret.reveal() })
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]).toString('base64')
  const tag = cipher.getAuthTag().toString('base64')
  const sealed: Sealed = { ...header, tag, data, sha256: sumOf(header, tag, data) }
  return `${JSON.stringify(sealed, null, 2)}\n`
}

type Loose = { readonly [name: string]: unknown }

const partOf = (whole: Loose, name: string): Loose => {
  const part = whole[name]
  if (typeof part !== 'object' || part === null) throw broken(`has no ${name}`)
  return part as Loose
}

const textOf = (whole: Loose, name: string): string => {
  const text = whole[name]
  if (typeof text !== 'string') throw broken(`has no ${name}`)
  return text
}

const costOf = (kdf: Loose, name: 'N' | 'r' | 'p'): number => {
  const value = kdf[name]
  const isWhole = typeof value === 'number' && Number.isInteger(value)
  if (!isWhole || value < 1 || value > COST_MAX[name])
    throw broken(`asks for scrypt ${name} ${String(value)}: expected 1 to ${COST_MAX[name]}`)
  return value
}

const parse = (text: string): Sealed => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw broken('is damaged: it is not JSON')
  }
  if (typeof json !== 'object' || json === null) throw broken('is damaged: it is no object')
  const whole = json as Loose
  if (whole['format'] !== FORMAT) throw broken(`is none: its format is not ${FORMAT}`)
  if (whole['version'] !== VERSION)
    throw broken(
      `has version ${String(whole['version']).slice(0, 20)}: this program reads ${VERSION}; make a new one, or use a newer program`,
    )
  const kdf = partOf(whole, 'kdf')
  const cipher = partOf(whole, 'cipher')
  if (kdf['name'] !== 'scrypt' || cipher['name'] !== 'aes-256-gcm')
    throw broken('is damaged: expected scrypt and aes-256-gcm')
  const N = costOf(kdf, 'N')
  if ((N & (N - 1)) !== 0 || N < 2) throw broken(`asks for scrypt N ${N}: expected a power of two`)
  return {
    format: FORMAT,
    version: VERSION,
    kdf: {
      name: 'scrypt',
      N,
      r: costOf(kdf, 'r'),
      p: costOf(kdf, 'p'),
      salt: textOf(kdf, 'salt'),
    },
    cipher: { name: 'aes-256-gcm', iv: textOf(cipher, 'iv') },
    tag: textOf(whole, 'tag'),
    data: textOf(whole, 'data'),
    sha256: textOf(whole, 'sha256'),
  }
}

/** Decrypts what `sealCredentials` wrote. Throws CREDENTIALS_INVALID: damaged, of another version, or not by this passphrase. */
export const openCredentials = (text: string, passphrase: Secret): Credentials => {
  const sealed = parse(text)
  // Told apart, because what helps differs: whole, but not to be opened, is a matter of the passphrase.
  if (sumOf(sealed, sealed.tag, sealed.data) !== sealed.sha256)
    throw broken('is damaged: its checksum does not fit; restore it or make a new one')
  let plain: string
  try {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      deriveKey(passphrase, sealed.kdf),
      Buffer.from(sealed.cipher.iv, 'base64'),
    )
    decipher.setAAD(Buffer.from(headerText(sealed)))
    decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'))
    plain = decipher.update(sealed.data, 'base64', 'utf8') + decipher.final('utf8')
  } catch {
    throw broken('does not open: the passphrase is wrong, or somebody changed the file')
  }
  const found = JSON.parse(plain) as { api_key?: unknown; secret?: unknown }
  if (typeof found.api_key !== 'string' || typeof found.secret !== 'string')
    throw broken('holds no api_key and secret')
  return { apiKey: new Secret(found.api_key), secret: new Secret(found.secret) }
}
