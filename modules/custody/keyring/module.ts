import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { deleteSecret } from './delete-secret.ts'
import { describeSecret } from './describe-secret.ts'
import { listKeys } from './list.ts'
import { listSecrets } from './list-secrets.ts'
import { problems } from './problems.ts'
import { putSecret } from './put-secret.ts'
import { rewrap } from './rewrap.ts'
import { rotate } from './rotate.ts'
import { rotateSigning } from './rotate-signing.ts'
import { rewrapOptions, rewrapQueue, turnOptions } from './schema.ts'
import { turn } from './turn.ts'

export const keyringModule = defineModule({
  name: 'keyring',
  operations: [listKeys, rotate, rotateSigning, rewrap, turn, putSecret, listSecrets, describeSecret, deleteSecret],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  jobs: [
    { queue: rewrapQueue, operation: rewrap, options: rewrapOptions },
    { queue: 'keyring-turn', operation: turn, options: turnOptions },
  ],
})
