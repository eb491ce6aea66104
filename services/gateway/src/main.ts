import { runService } from '@tapedeck/runtime'
import { gatewayService } from './service.ts'

runService(gatewayService)
