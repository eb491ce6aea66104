import { runService } from '@tapedeck/runtime'
import { orderflowService } from './service.ts'

runService(orderflowService)
