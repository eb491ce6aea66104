import type { ServiceName } from '@tapedeck/contracts'
import { connectBus, createTapeHub } from '@tapedeck/bus'
import type { Environment, HostPorts, Service } from '@tapedeck/runtime'
import { HOSTED } from './hosted-services.ts'
import { CONSUMERS, type RunningServices } from './running-services.ts'
import type { Servers } from './start-servers.ts'

/** Runs the services in this process over one shared reader of the tape; `names` beside ingest. */
export const hostServices = async (
  servers: Servers,
  environment: (service: ServiceName) => Environment,
  ports: Omit<HostPorts, 'reader'>,
  names: readonly ServiceName[] = CONSUMERS,
): Promise<RunningServices> => {
  const bus = await connectBus({
    servers: [servers.nats.url],
    name: 'hub',
    ...servers.nats.login('admin'),
  })
  const hub = createTapeHub(bus.tape)
  const build = (name: ServiceName): Service =>
    HOSTED[name].build(environment(name), {
      ...ports,
      reader: { read: (options) => hub.subscribe(options) },
    })
  const consumers = names.map(build)
  const ingest = build('ingest')
  const stop: RunningServices['stop'] = async (onStopped = () => {}) => {
    await ingest.stop()
    onStopped('ingest')
    await Promise.all(consumers.map(async (service) => await service.stop()))
    onStopped('services')
    await hub.stop()
    await bus.close()
  }
  try {
    await Promise.all(consumers.map(async (service) => await service.start()))
    hub.start()
    await ingest.start()
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: () => process.pid, restarts: () => 0, stop }
}
