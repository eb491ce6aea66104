import { runService } from '@tapedeck/runtime'
import { setupGeneratorService } from './service.ts'

runService(setupGeneratorService)
