import { join } from 'node:path'
import { defineModule } from '@gatehouse/runtime/door/module'
import { acknowledge } from './acknowledge.ts'
import { closeAlert } from './close.ts'
import { createRule } from './create-rule.ts'
import { health } from './health.ts'
import { sendLetter } from './letters/send.ts'
import { listAlerts } from './list-alerts.ts'
import { listRules } from './list-rules.ts'
import { morningLoop } from './morning.ts'
import { problems } from './problems.ts'
import { readAlert } from './read-alert.ts'
import { readRule } from './read-rule.ts'
import { readSettings } from './read-settings.ts'
import { readReplay } from './replays/read.ts'
import { runReplay } from './replays/run.ts'
import { replay } from './replays/start.ts'
import { retireRule } from './retire-rule.ts'
import { letterOptions, letterQueue, replayOptions, replayQueue } from './schema.ts'
import { summary } from './summary.ts'
import { tidyLoop } from './tidy.ts'
import { updateRule } from './update-rule.ts'
import { updateSettings } from './update-settings.ts'
import { watchLoop } from './watch.ts'

export const monitoringModule = defineModule({
  name: 'monitoring',
  operations: [
    listRules,
    readRule,
    createRule,
    updateRule,
    retireRule,
    listAlerts,
    summary,
    readAlert,
    acknowledge,
    closeAlert,
    replay,
    readReplay,
    readSettings,
    updateSettings,
    health,
    runReplay,
    sendLetter,
  ],
  problems,
  migrations: join(import.meta.dirname, 'migrations'),
  jobs: [
    { queue: replayQueue, operation: runReplay, options: replayOptions },
    { queue: letterQueue, operation: sendLetter, options: letterOptions },
  ],
  loops: [watchLoop, morningLoop, tidyLoop],
})
