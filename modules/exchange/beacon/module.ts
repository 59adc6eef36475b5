import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { descriptions } from './describe.ts'
import { getIndividuals, postIndividuals } from './individuals.ts'
import { problems } from './problems.ts'
import { readSetting, setBeacon } from './settings.ts'

export const beaconModule = defineModule({
  name: 'beacon',
  operations: [readSetting, setBeacon, ...descriptions, postIndividuals, getIndividuals],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
})
