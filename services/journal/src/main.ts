import { runService } from '@tapedeck/runtime'
import { journalService } from './service.ts'

runService(journalService)
