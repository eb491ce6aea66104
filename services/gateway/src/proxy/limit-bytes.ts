import { type Readable, Transform } from 'node:stream'
import { TapedeckError } from '@tapedeck/contracts'

/** As every service takes at most. */
const BODY_BYTES_MAX = 1024 * 1024

const tooLarge = (): TapedeckError =>
  new TapedeckError('PAYLOAD_TOO_LARGE', `The body has more than ${BODY_BYTES_MAX} bytes`)

/** A body that fails with `PAYLOAD_TOO_LARGE` once too much of it came, whatever its header promised. */
export const limitBytes = (body: Readable, declared: string | undefined): Readable => {
  if (declared !== undefined && Number(declared) > BODY_BYTES_MAX) throw tooLarge()
  let bytes = 0
  const counter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.byteLength
      if (bytes > BODY_BYTES_MAX) done(tooLarge())
      else done(null, chunk)
    },
  })
  body.once('error', (error) => counter.destroy(error))
  return body.pipe(counter)
}
