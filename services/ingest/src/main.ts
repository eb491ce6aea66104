import { runService } from '@tapedeck/runtime'
import { ingestService } from './service.ts'

runService(ingestService)
