/** Looking through a source, from asking to what came of it. A node that is asked goes on, whoever leaves. */
import { setTimeout as wait } from 'node:timers/promises'
import { type GatehouseClient, must } from '@gatehouse/sdk/client'
import { count } from '../terminal/output.ts'
import { openProgress, type Progress } from '../terminal/progress.ts'

const askMs = 200
const steps = { tables: 'Tables   ', columns: 'Columns  ' } as const

/** @throws Error with the words of what ended it */
export async function lookThrough(client: GatehouseClient, source: string, show: boolean) {
  const at = { params: { path: { source } } }
  const { id } = must(await client.POST('/v1/data-sources/{source}/discover', at))
  let bar: { readonly step: string; readonly progress: Progress } | undefined
  try {
    for (;;) {
      const { look } = must(await client.GET('/v1/data-sources/{source}/look', at))
      if (look?.id !== id) throw new Error('Somebody else looks through the source by now: ask again when that is over.')
      if (look.state === 'done' && look.found !== null) return look.found
      if (look.state !== 'waiting' && look.state !== 'looking') throw new Error(wordsOf(look))
      if (look.step !== null && look.of_tables !== null) {
        if (bar?.step !== look.step) {
          bar?.progress.end()
          bar = { step: look.step, progress: openProgress(steps[look.step], look.of_tables, show) }
        }
        bar.progress.to(look.tables, `${count(look.tables)} of ${count(look.of_tables)} tables`)
      }
      await wait(askMs)
    }
  } finally {
    bar?.progress.end()
  }
}

function wordsOf({ state, fault }: { readonly state: string; readonly fault: { readonly title: string; readonly detail: string | null } | null }): string {
  if (fault !== null) return `${fault.title}${fault.detail === null ? '' : `: ${fault.detail}`}. The catalogue is as it was.`
  if (state === 'cancelled') return 'The look was cancelled. The catalogue is as it was.'
  return 'The node was stopped while it looked. The catalogue is as it was; ask again.'
}
