import { generateKeyPairSync, type KeyObject } from 'node:crypto'

const pemOf = (key: KeyObject, type: 'pkcs8' | 'pkcs1' = 'pkcs8'): string =>
  key.export({ type, format: 'pem' }) as string

const ed25519 = generateKeyPairSync('ed25519').privateKey
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey

/** Private keys as openssl writes them, made for this run. */
export const ED25519_PEM = pemOf(ed25519)
export const RSA_PEM = pemOf(rsa)
/** The same key in the older spelling: BEGIN RSA PRIVATE KEY. */
export const RSA_PEM_OLD = pemOf(rsa, 'pkcs1')
export const SHORT_RSA_PEM = pemOf(short)
export const CURVE_PEM = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
export const ENCRYPTED_PEM = ed25519.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'x',
}) as string
export const OLD_ENCRYPTED_PEM = rsa.export({
  type: 'pkcs1',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: 'x',
}) as string

/** The letters between the lines of a PEM text. */
export const bodyOf = (pem: string): string =>
  pem
    .split('\n')
    .filter((line) => line !== '' && !line.includes('-----'))
    .join('')
