import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'

/** Made at the first start, kept in the data folder, readable by its owner only. No default exists. */
export interface StackSecrets {
  readonly jwtSecret: string
  readonly apiKeyPepper: string
  readonly rolePasswords: Readonly<Record<ServiceName, string>>
}

const random = (): string => randomBytes(36).toString('base64url')

/** The secrets of a data folder: those that it holds, and new ones for what it does not. */
export const stackSecrets = (file: string): StackSecrets => {
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<StackSecrets>)
    : {}
  const roles = kept.rolePasswords
  const secrets: StackSecrets = {
    jwtSecret: kept.jwtSecret ?? random(),
    apiKeyPepper: kept.apiKeyPepper ?? random(),
    rolePasswords: Object.fromEntries(
      SERVICES.map((service) => [service, roles?.[service] ?? random()]),
    ) as Record<ServiceName, string>,
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  return secrets
}
