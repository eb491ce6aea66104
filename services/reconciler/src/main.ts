import { runService } from '@tapedeck/runtime'
import { reconcilerService } from './service.ts'

runService(reconcilerService)
