import type { Dataset } from '@gatehouse/tabular/dataset'
import { exactPasses } from '../plan/schema.ts'
import { groupPass } from './group.ts'
import { joinPeople } from './join.ts'
import { matchDigests } from './match.ts'
import type { LinkParams, StepFacts } from './step.ts'
import { type Decision, type DoubtfulPair, weighEvidence } from './weigh.ts'

export interface Linked {
  readonly dataset: Dataset
  readonly facts: StepFacts
  readonly doubtful: readonly DoubtfulPair[]
}

/** @param sources what was extracted of each, in the order of the plan */
export function link(params: LinkParams, sources: readonly Dataset[], decisions: readonly Decision[]): Linked {
  const { linkage, elements, sources: names, absent = [] } = params
  const { method } = linkage
  const passes = exactPasses(method)?.length ?? 1
  const weighed = method.kind === 'probabilistic' ? weighEvidence(sources, names, linkage, decisions) : undefined
  const people = weighed ?? matchDigests(sources, passes, method.kind === 'encoded' ? groupPass : 0)
  const { dataset, left, inSeveral } = joinPeople({ names, sources, people, elements, keep: linkage.keep, passes, asked: names.length - absent.length })
  const reasons: Record<string, number> = { people: people.count, in_several_sources: inSeveral }
  people.joinedBy.forEach((count, pass) => {
    reasons[`joined_by_pass_${pass + 1}`] = count
  })
  if (left > 0) reasons.not_kept = left
  if (weighed !== undefined) Object.assign(reasons, { doubtful: weighed.inDoubt, decided: weighed.decided })
  return {
    dataset,
    facts: { kind: 'link', rows_in: sources.reduce((rows, { rowCount }) => rows + rowCount, 0), rows_out: dataset.rowCount, cells_changed: 0, reasons },
    doubtful: weighed?.doubtful ?? [],
  }
}
