/** Measures order flow. Entry point: `orderflowService`, the definition that a host builds the service from. */
export { orderflowService } from './service.ts'
