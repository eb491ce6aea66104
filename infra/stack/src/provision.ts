/**
 * Once, before the services of `docker-compose.yml` start: roles, schemas, tables and streams. Safe to
 * run again.
 *
 *     node infra/stack/src/provision.ts
 */
import { connectBus } from '@tapedeck/bus'
import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import { provisionService } from '@tapedeck/database'
import { BASE_CONFIG, defineConfig, loadConfig, runMain } from '@tapedeck/runtime'
import { HOSTED } from './hosted-services.ts'

const passwordKey = (service: ServiceName): string =>
  `POSTGRES_PASSWORD_${service.toUpperCase().replaceAll('-', '_')}`

const passwordKeys = Object.fromEntries(
  SERVICES.map((service) => [
    passwordKey(service),
    {
      // Unwrapped: here the password is required.
      schema: BASE_CONFIG.NATS_PASSWORD.schema.unwrap(),
      description: `Password that the role of ${service} has from now on`,
      secret: true,
    },
  ]),
)

const CONFIG = defineConfig({
  NATS_URL: BASE_CONFIG.NATS_URL,
  NATS_USER: BASE_CONFIG.NATS_USER,
  NATS_PASSWORD: BASE_CONFIG.NATS_PASSWORD,
  POSTGRES_ADMIN_URL: {
    ...BASE_CONFIG.POSTGRES_URL,
    description: 'Postgres, with a role that may create roles and schemas',
  },
})

runMain(async (main) => {
  const config = loadConfig(CONFIG, process.env)
  const passwords: Readonly<Record<string, string>> = loadConfig(
    defineConfig(passwordKeys),
    process.env,
  )
  for (const service of SERVICES) {
    const { applied } = await provisionService({
      adminUrl: config.POSTGRES_ADMIN_URL,
      service,
      password: passwords[passwordKey(service)]!,
      migrations: HOSTED[service].migrations,
    })
    process.stdout.write(`${service}: ${applied.length} migrations applied\n`)
  }
  const bus = await connectBus({
    servers: config.NATS_URL.split(',').map((url) => url.trim()),
    name: 'provision',
    ...(config.NATS_USER === undefined ? {} : { user: config.NATS_USER }),
    ...(config.NATS_PASSWORD === undefined ? {} : { pass: config.NATS_PASSWORD }),
  })
  main.onStop('bus', () => bus.close())
  await bus.tape.provision({})
  process.stdout.write('streams: in place\n')
  main.stop('provisioned')
})
