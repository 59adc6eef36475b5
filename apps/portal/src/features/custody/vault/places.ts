/** Faults of a check, gathered by the place they are at: together they say what was done there. Pure. */
import type { ChainFault } from './queries.ts'

export interface FaultPlace {
  readonly subject: string
  readonly block: string | undefined
  readonly sequence: number
  readonly faults: readonly ChainFault['fault'][]
}

export function placesOf(faults: readonly ChainFault[]): FaultPlace[] {
  const places = new Map<string, { subject: string; block: string | undefined; sequence: number; faults: ChainFault['fault'][] }>()
  for (const { subject_id, block_id, sequence, fault } of faults) {
    const key = `${subject_id} ${String(sequence)} ${block_id ?? ''}`
    const place = places.get(key) ?? { subject: subject_id, block: block_id, sequence, faults: [] }
    place.faults.push(fault)
    places.set(key, place)
  }
  return [...places.values()]
}

/** What most likely happened at a place; the words for it say what it means and what to do. */
export type Finding = 'content' | 'moved' | 'gap' | 'end' | 'gone'

export function findingOf({ faults }: Pick<FaultPlace, 'faults'>): Finding {
  if (faults.includes('blocks_missing')) return 'gone'
  if (faults.includes('head') || faults.includes('head_missing')) return faults.length === 1 ? 'end' : 'content'
  if (faults.includes('sequence')) return 'gap'
  if (faults.includes('data_hash') || faults.includes('block_hash') || faults.includes('signature')) return 'content'
  return 'moved'
}
