/** What a bundle says it is about, held against what is in it. */
import type { Entry } from '../entries.ts'
import { Fault } from '../report.ts'
import type { Bundle } from './read.ts'

/** @returns what can be said of it @throws Fault where the content is about something else */
export function checkAbout({ about, selection, log, vault }: Bundle, entries: readonly Entry[]): string | undefined {
  if (about === undefined || selection === undefined) return undefined
  if (selection.entries !== log.entries.length) throw new Fault('/selection/entries', `the bundle holds ${log.entries.length} entries`)
  if (about.kind === 'release' && !entries.some(({ object }) => object?.kind === 'release' && object.id === about.release))
    throw new Fault('/about/release', 'no entry of the bundle is about this release')
  if (
    about.kind === 'result' &&
    !entries.some(({ object, details }) => object?.kind === 'query_run' && object.id === about.run && details.result === about.result)
  )
    throw new Fault('/about/result', 'no entry of the bundle says that the run came to this result')
  if (about.kind === 'person') {
    const other = vault.chains.findIndex(({ subject }) => subject !== about.subject)
    if (other >= 0) throw new Fault(`/vault/chains/${other}/subject`, 'the chain is of another person than the bundle')
  }
  const left = selection.left_out === 0 ? '' : `; ${selection.left_out} older entries were left out`
  return `it is about the ${about.kind}${about.kind === 'project' ? ` (${about.text})` : ''}${left}`
}
