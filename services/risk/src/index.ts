/** Approves or denies. Entry point: `riskService`, the definition that a host builds the service from. */
export { riskService } from './service.ts'
