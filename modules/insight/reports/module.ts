import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { counting } from './advance.ts'
import { disclosureExport } from './disclosure-export.ts'
import { disclosures } from './disclosures.ts'
import { heatMap } from './heat-map.ts'
import { myDisclosures, wardDisclosures } from './my-disclosures.ts'
import { myReads, wardReads } from './my-reads.ts'
import { problems } from './problems.ts'
import { rebuild } from './rebuild.ts'
import { series } from './series.ts'
import { today } from './today.ts'

export const reportsModule = defineModule({
  name: 'reports',
  operations: [series, heatMap, today, disclosures, disclosureExport, myDisclosures, wardDisclosures, myReads, wardReads, rebuild],
  problems,
  loops: [counting],
  migrations: join(import.meta.dirname, 'migrations'),
})
