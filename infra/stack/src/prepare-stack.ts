import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import { connectBus } from '@tapedeck/bus'
import { provisionService } from '@tapedeck/database'
import { HOSTED } from './hosted-services.ts'
import type { Servers } from './start-servers.ts'
import type { StackSecrets } from './stack-secrets.ts'

/** Postgres URL of each service's own role. */
export type RoleUrls = Readonly<Record<ServiceName, string>>

/** Roles, schemas, tables and streams. Safe to run again. */
export const prepareStack = async (servers: Servers, secrets: StackSecrets): Promise<RoleUrls> => {
  const urls: [ServiceName, string][] = []
  for (const service of SERVICES) {
    const { url } = await provisionService({
      adminUrl: servers.postgres.url,
      service,
      password: secrets.rolePasswords[service],
      migrations: HOSTED[service].migrations,
    })
    urls.push([service, url])
  }
  const bus = await connectBus({
    servers: [servers.nats.url],
    name: 'provision',
    ...servers.nats.login('admin'),
  })
  try {
    await bus.tape.provision({})
  } finally {
    await bus.close()
  }
  return Object.fromEntries(urls) as Record<ServiceName, string>
}
