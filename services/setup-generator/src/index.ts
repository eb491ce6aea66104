/** Grades setups. Entry point: `setupGeneratorService`, the definition that a host builds the service from. */
export { setupGeneratorService } from './service.ts'
