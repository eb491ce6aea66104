import { runService } from '@tapedeck/runtime'
import { executionService } from './service.ts'

runService(executionService)
