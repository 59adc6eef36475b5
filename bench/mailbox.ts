/** What it costs to carry messages between the nodes of a mesh. */
import { measureMailbox } from './federation/mailbox.ts'
import { report } from './report.ts'

const { rows, checks } = await measureMailbox()
report('mailbox', rows, checks)
