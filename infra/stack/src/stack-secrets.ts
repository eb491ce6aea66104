import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { SERVICES, type ServiceName, TapedeckError } from '@tapedeck/contracts'
import { writeSecret } from '@tapedeck/dev'

/** Made at the first start, kept in the data folder, readable by its owner only. No default exists. */
export interface StackSecrets {
  readonly jwtSecret: string
  readonly apiKeyPepper: string
  readonly rolePasswords: Readonly<Record<ServiceName, string>>
}

const random = (): string => randomBytes(36).toString('base64url')

/** New ones in place of damaged ones would make every API key invalid, so a person decides that. */
const keptIn = (file: string): Partial<StackSecrets> => {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<StackSecrets>
  } catch (cause) {
    throw new TapedeckError('CONFIG_INVALID', `${file} cannot be read: expected JSON`, {
      cause,
      hint: 'Restore it, or remove it: the next start makes new secrets, and all API keys become invalid.',
    })
  }
}

/** The secrets of a data folder: those that it holds, and new ones for what it does not. */
export const stackSecrets = (file: string): StackSecrets => {
  const kept = keptIn(file)
  const roles = kept.rolePasswords
  const secrets: StackSecrets = {
    jwtSecret: kept.jwtSecret ?? random(),
    apiKeyPepper: kept.apiKeyPepper ?? random(),
    rolePasswords: Object.fromEntries(
      SERVICES.map((service) => [service, roles?.[service] ?? random()]),
    ) as Record<ServiceName, string>,
  }
  // Whole or not at all: on a full disk the old ones stay.
  writeSecret(file, `${JSON.stringify(secrets, null, 2)}\n`)
  return secrets
}
