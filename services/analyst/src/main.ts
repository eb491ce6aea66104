import { runService } from '@tapedeck/runtime'
import { analystService } from './service.ts'

runService(analystService)
