/** Carries out approvals. Entry point: `executionService`, the definition that a host builds the service from. */
export { executionService } from './service.ts'
