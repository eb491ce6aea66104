/** Keeps the record. Entry point: `journalService`, the definition that a host builds the service from. */
export { journalService } from './service.ts'
