/** The plan as a picture: what happens to the records, from the sources to what is given out. Words are the viewer's, so labels are codes. */
import { exactPasses, type QueryPlan } from './schema.ts'

export const pictureKinds = ['source', 'exclude', 'prepare', 'tokenise', 'link', 'select', 'treat', 'aggregate', 'output'] as const
export type PictureKind = (typeof pictureKinds)[number]

export interface PictureNode {
  readonly id: string
  readonly kind: PictureKind
  readonly label: { readonly code: string; readonly params: Readonly<Record<string, string | number>> }
  /** Where in the plan it is said. */
  readonly pointer: string
}

export interface Picture {
  readonly nodes: readonly PictureNode[]
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

export function pictureOf(plan: QueryPlan): Picture {
  const nodes: PictureNode[] = []
  const edges: { from: string; to: string }[] = []
  const add = (from: readonly string[], node: PictureNode): string[] => {
    nodes.push(node)
    for (const id of from) edges.push({ from: id, to: node.id })
    return [node.id]
  }
  const node = (id: string, kind: PictureKind, code: string, params: PictureNode['label']['params'], pointer: string): PictureNode => ({
    id,
    kind,
    label: { code, params },
    pointer,
  })
  const heads = plan.sources.flatMap(({ as, table, where }, index) => {
    let head = add([], node(`source:${as}`, 'source', where === undefined ? 'source' : 'source_filtered', { as, table }, `/sources/${index}`))
    head = add(head, node(`exclude:${as}`, 'exclude', 'exclude', { as }, `/sources/${index}`))
    const steps = plan.prepare[as] ?? []
    if (steps.length > 0) head = add(head, node(`prepare:${as}`, 'prepare', 'prepare', { as, steps: steps.length }, `/prepare/${as}`))
    if (plan.linkage !== undefined && exactPasses(plan.linkage.method) !== undefined)
      head = add(head, node(`tokenise:${as}`, 'tokenise', 'tokenise', { as, keys: plan.linkage.keys.length }, '/linkage/keys'))
    if (plan.linkage?.method.kind === 'encoded')
      head = add(head, node(`tokenise:${as}`, 'tokenise', 'encode', { as, keys: plan.linkage.keys.length }, '/linkage/keys'))
    return head
  })
  const { linkage, cohort, treatment, aggregation, output, form } = plan
  let last = heads
  if (linkage !== undefined) {
    const { method, keys, keep } = linkage
    const count: Record<string, number> = 'passes' in method ? { passes: method.passes.length } : { threshold: method.threshold }
    const unit: Record<string, string> = method.kind === 'encoded' ? { unit: method.unit } : {}
    last = add(last, node('link', 'link', `link_${method.kind}`, { keys: keys.length, keep, ...count, ...unit }, '/linkage'))
  }
  if (cohort !== undefined) last = add(last, node('select', 'select', 'select', {}, '/cohort'))
  if (treatment !== undefined)
    last = add(
      last,
      node(
        'treat',
        'treat',
        'treat',
        { models: treatment.models.map(({ model }) => model).join(', '), suppression_limit: treatment.suppression_limit },
        '/treatment',
      ),
    )
  if (aggregation !== undefined)
    last = add(
      last,
      node(
        'aggregate',
        'aggregate',
        aggregation.noise === undefined ? 'aggregate' : 'aggregate_noise',
        { by: aggregation.by.join(', '), profile: aggregation.profile, ...(aggregation.noise === undefined ? {} : { epsilon: aggregation.noise.epsilon }) },
        '/aggregation',
      ),
    )
  add(last, node('output', 'output', `output_${form}`, { title: output.title, elements: plan.elements.length }, '/output'))
  return { nodes, edges }
}
