import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { dropAttachment, leavePart, takePart } from './mailbox/attachments.ts'
import { exchange } from './mailbox/exchange.ts'
import { problems } from './problems.ts'
import { cards } from './registry/cards.ts'
import { admitNode, excludeNode, listMeshNodes } from './registry/nodes.ts'
import { register } from './registry/register.ts'
import { tidyLoop } from './tidy.ts'
import { offerRelease, releases } from './updates/updates.ts'
import { watchLoop } from './watch.ts'

export const coordinatorModule = defineModule({
  name: 'coordinator',
  operations: [register, cards, exchange, leavePart, takePart, dropAttachment, listMeshNodes, admitNode, excludeNode, offerRelease, releases],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  loops: [tidyLoop, watchLoop],
})
