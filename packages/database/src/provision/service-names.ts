import { TapedeckError } from '@tapedeck/contracts'

const SERVICE = /^[a-z][a-z0-9-]{0,39}$/

/** What a service owns in Postgres. */
export interface ServiceNames {
  readonly schema: string
  readonly role: string
}

/**
 * `setup-generator` → schema `setup_generator`, role `tapedeck_setup_generator`.
 *
 * @throws TapedeckError `CONFIG_INVALID` for a name that is no plain lower-case word
 */
export const serviceNames = (service: string): ServiceNames => {
  if (!SERVICE.test(service)) {
    throw new TapedeckError(
      'CONFIG_INVALID',
      `service is ${JSON.stringify(service)}; expected lower-case letters, digits and hyphens, at most 40`,
    )
  }
  const schema = service.replaceAll('-', '_')
  return { schema, role: `tapedeck_${schema}` }
}
