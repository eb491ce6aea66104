import { makeKeyPair, writeNewSecretFile } from '@tapedeck/venue'
import { EXIT } from '../exit-codes.ts'
import type { Terminal } from '../terminal/index.ts'

/**
 * Writes a new Ed25519 private key into a file for its owner alone, whole or not at all, and its public half to stdout: that is what
 * the venue is given. Throws OUTPUT_EXISTS rather than replace a file.
 */
export const makeKeyFile = ({ out, err }: Terminal, file: string): number => {
  const { privateKey, publicKey } = makeKeyPair()
  writeNewSecretFile(file, privateKey.reveal())
  out.write(publicKey)
  err.write(
    `${file} written: the private key, for you alone. The public key went to stdout: register it at the venue, which gives an API key for it. Then set BINANCE_API_KEY to that, and BINANCE_API_SECRET_FILE=${file}, or seal both.\n`,
  )
  return EXIT.OK
}
