import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { createWebhook } from './create.ts'
import { deleteWebhook } from './delete.ts'
import { deliver } from './deliver.ts'
import { listDeliveries } from './deliveries.ts'
import { webhooksEraser } from './erase.ts'
import { fanOut } from './fan-out.ts'
import { listWebhooks } from './list.ts'
import { testWebhook } from './ping.ts'
import { problems } from './problems.ts'
import { readWebhook } from './read.ts'
import { replayDelivery } from './replay.ts'
import { rotateSecret } from './rotate.ts'
import { deliverOptions, deliverQueue } from './schema.ts'
import { tidyLoop } from './tidy.ts'
import { updateWebhook } from './update.ts'
import { signingSecretKeys } from './wrapped-keys.ts'

export const webhooksModule = defineModule({
  name: 'webhooks',
  operations: [createWebhook, listWebhooks, readWebhook, updateWebhook, rotateSecret, deleteWebhook, listDeliveries, replayDelivery, testWebhook, deliver],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  erasers: [webhooksEraser],
  wrappedKeys: [signingSecretKeys],
  jobs: [{ queue: deliverQueue, operation: deliver, options: deliverOptions }],
  subscriptions: [fanOut],
  loops: [tidyLoop],
})
