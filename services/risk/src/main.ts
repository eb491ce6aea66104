import { runService } from '@tapedeck/runtime'
import { riskService } from './service.ts'

runService(riskService)
