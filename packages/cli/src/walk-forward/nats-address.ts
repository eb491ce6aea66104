import { TapedeckError } from '@tapedeck/contracts'

export type NatsAddress = {
  readonly servers: string
  readonly user?: string
  readonly pass?: string
}

/** `nats://user:password@host:4222`, without the credentials in what is shown. Throws VALIDATION_FAILED. */
export const natsAddress = (given: string): NatsAddress => {
  const url = URL.canParse(given) ? new URL(given) : null
  if (url === null || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '') {
    throw new TapedeckError(
      'VALIDATION_FAILED',
      'the address of NATS cannot be read; expected nats://host:port or nats://user:password@host:port',
    )
  }
  const servers = `${url.protocol}//${url.host}`
  if (url.username === '') return { servers }
  return {
    servers,
    user: decodeURIComponent(url.username),
    pass: decodeURIComponent(url.password),
  }
}
