/** The parts of a run at the node that asked for them: which are there, which are waited for, and what is made of them. */
import type { QueryPlan } from '@gatehouse/query/plan/schema'
import type { StepSecrets } from '@gatehouse/query/steps/run'
import type { StepsContext } from '@gatehouse/runtime/door/operation'
import { readingKeysOf } from '../../linkage/index.ts'
import { where } from '../runs/stop-words.ts'
import type { Stop } from '../runs/stops.ts'
import type { NodeOfResult } from './schema.ts'
import { secretsAcross } from './secrets.ts'
import { isOpen } from './states.ts'
import type { PartRow } from './store.ts'

/** Why a run ends whose plan wants all of its nodes; or whose nodes gave nothing at all. */
export function lacking({ sources, nodes }: QueryPlan, parts: readonly PartRow[]): Stop | undefined {
  const without = withoutAnswer(parts)
  // Nobody is linked without the linkage unit, whatever there is of others.
  const first = without.find((part) => isUnit(part) && part.state !== 'cancelled') ?? without[0]
  if (first === undefined) return undefined
  const given = sources.filter(({ as }) => !absentSources(parts).includes(as))
  if (nodes?.partial === 'allowed' && given.length > 0 && !isUnit(first)) return undefined
  const at = first.reason === null ? where('node', { node: first.peer }) : where('node_says', { node: first.peer, reason: first.reason })
  return { reason: first.state === 'expired' ? 'node_expired' : 'node_refused', ...at }
}

/** The linkage unit of a run is a part of it that has no sources. */
export const isUnit = ({ sources }: Pick<PartRow, 'sources'>): boolean => sources.length === 0

const weight = { refused: 0, expired: 1, cancelled: 2 }
/** Who refused first: what was cancelled because of it comes behind. */
export const withoutAnswer = (parts: readonly PartRow[]): PartRow[] =>
  parts
    .filter(({ state }) => !isOpen(state) && state !== 'answered')
    .toSorted((one, other) => weight[one.state as keyof typeof weight] - weight[other.state as keyof typeof weight])

export const absentSources = (parts: readonly PartRow[]): string[] => withoutAnswer(parts).flatMap(({ sources }) => sources)

/**
 * The key that the parts were asked for with makes this node's own digests, too; or its own encodings, for which its digests are its own.
 * `undefined` where it has ended since.
 */
export async function secretsOf(ctx: StepsContext, plan: QueryPlan, { run_id: run, project_id, key_id }: PartRow): Promise<StepSecrets | undefined> {
  const keys = await ctx.step((tx) => readingKeysOf(tx, ctx.node, ctx.tenant, project_id, ctx.now))
  const key = keys.find(({ keyId }) => keyId === key_id)
  return key && secretsAcross(ctx, { run, foreignRun: run, project: project_id }, plan, key)
}

/** The strictest floor of all that gave rows. */
export const floorOf = (floor: number, parts: readonly PartRow[]): number => Math.max(floor, ...parts.map(({ answer }) => answer?.decision.floor ?? 0))

export function nodesOfResult(parts: readonly PartRow[]): NodeOfResult[] | null {
  if (parts.length === 0) return null
  return parts.map(({ peer, sources, state, reason, answer }) => ({
    node: peer,
    sources: [...sources],
    state,
    reason,
    decision: answer?.decision ?? null,
    levels: Object.assign({}, ...Object.values(answer?.figures ?? {}).map(({ levels }) => levels)) as Record<string, number>,
  }))
}
