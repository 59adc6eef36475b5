import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { listKeys } from './keys/list.ts'
import { retireKey } from './keys/retire.ts'
import { rotateKey } from './keys/rotate.ts'
import { linkageProblems } from './problems.ts'
import { closeLinkReview, tidyLoop } from './reviews/close.ts'
import { decidePair } from './reviews/decide-pair.ts'
import { listPairs, listReviews } from './reviews/list.ts'
import { readPair } from './reviews/read-pair.ts'

export const linkageModule = defineModule({
  name: 'linkage',
  operations: [listKeys, rotateKey, retireKey, listReviews, listPairs, readPair, decidePair, closeLinkReview],
  loops: [tidyLoop],
  problems: linkageProblems,
  migrations: join(import.meta.dirname, 'migrations'),
})
