/** The one door for people and tools. Entry point: `gatewayService`, the definition that a host builds the service from. */
export { gatewayService } from './service.ts'
