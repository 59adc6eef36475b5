/** The catalogue as one project sees it: in full what it is admitted to, of everything else title, description and what is offered. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { type Condition, type Constraint, linkages, type Policy, type ResultForm, resultForms } from '@gatehouse/policy/document'
import type { PurposeTree } from '@gatehouse/policy/purposes'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { CatalogTable, Profile } from '../../../custody/catalog/index.ts'
import { currentPolicies, type PolicyInForce, purposeTree } from '../../../governance/policies/index.ts'
import { type OpenProject, openProject } from '../../../governance/projects/index.ts'
import { decideOffer, isOffer } from './offers.ts'
import type { Entry, Offer } from './schema.ts'

/** What has to be known of a project to say what it may see. */
export interface Viewer {
  readonly project: OpenProject
  /** References of the tables that its holders admitted it to. */
  readonly admitted: ReadonlySet<string>
  readonly policies: readonly PolicyInForce[]
  readonly purposes: PurposeTree
  readonly now: Instant
}

/** @returns undefined where the project is over, suspended or not begun: then it sees nothing */
export async function viewerOf(tx: Tx, node: Node, project: Id<'project'>, now: Instant): Promise<Viewer | undefined> {
  const open = await openProject(tx, project, now)
  if (open === undefined) return undefined
  const [policies, purposes] = await Promise.all([currentPolicies(node, tx, project), purposeTree(node, tx)])
  const admitted = new Set(open.sources.filter(({ kind }) => kind === 'table').map(({ reference }) => reference))
  return { project: open.project, admitted, policies, purposes, now }
}

export function entryOf(viewer: Viewer, table: CatalogTable, profile: Profile | undefined): Entry {
  const full = viewer.admitted.has(table.reference)
  return {
    reference: table.reference,
    title: table.title,
    description: table.description,
    access: full ? 'full' : 'described',
    columns: full ? table.columns.length : null,
    rows: full ? toldRows(table, profile) : null,
    offers: offersSeen(viewer, table),
  }
}

/** What a profile tells where there is one; else what the source estimates, told no more finely, and nothing below the floor. */
function toldRows({ rows, floor }: CatalogTable, profile: Profile | undefined): number | null {
  if (profile !== undefined && !profile.sampled) return profile.rows
  if (rows === null || rows < Math.max(2, floor)) return null
  const base = Math.max(5, 10 ** (Math.floor(Math.log10(rows)) - 1))
  return Math.floor(rows / base) * base
}

/** The documents by which a table is offered to the project. */
export const offersTo = ({ policies, project }: Viewer, reference: string): Policy[] =>
  policies.filter((policy) => isOffer(policy, reference, project.id)).map(({ compiled }) => compiled.policy)

/** Offers to this project or to all; what is offered to others is not told. */
function offersSeen(viewer: Viewer, table: CatalogTable): Offer[] {
  return viewer.policies.flatMap((inForce) => {
    if (!isOffer(inForce, table.reference, viewer.project.id)) return []
    const { policy, permissions } = inForce.compiled
    const rules = permissions.map(({ rule }) => rule).filter(({ target }) => target === table.reference)
    const conditions = rules.flatMap(({ constraint }) => (constraint ?? []).flatMap(conditionsIn))
    const forms = formsOf(conditions)
    return [
      {
        policy: policy.uid,
        title: policy.title,
        actions: [...new Set(rules.map(({ action }) => action))],
        forms,
        purposes: [...new Set(rules.flatMap(({ purpose }) => purpose))],
        from: timeOf(conditions, ['gt', 'gteq']),
        until: timeOf(conditions, ['lt', 'lteq']),
        permits: rules.some(({ action, fields }) =>
          forms.some((form) => permits(viewer, table, form, action === 'aggregate', Object.keys(fields), inForce.policy)),
        ),
      },
    ]
  })
}

function permits(viewer: Viewer, table: CatalogTable, form: ResultForm, aggregated: boolean, named: readonly string[], policy: string): boolean {
  const columns = named.filter((name) => table.columns.some((column) => column.name === name))
  if (columns.length === 0) return false
  const { policies, purposes, project, now } = viewer
  // In whichever way the table may be linked, if at all.
  return linkages.some((linkage) => {
    const decision = decideOffer(policies, purposes, table, { project, form, linkage, aggregated, columns: columns.slice(0, 1), now })
    return decision.outcome === 'permit' && decision.offers.some((offer) => offer.policy === policy)
  })
}

const conditionsIn = (constraint: Constraint): Condition[] => {
  if ('and' in constraint) return constraint.and.flatMap(conditionsIn)
  return 'or' in constraint ? constraint.or.flatMap(conditionsIn) : [constraint]
}

function formsOf(conditions: readonly Condition[]): ResultForm[] {
  const said = conditions.flatMap((condition) => (condition.leftOperand === 'resultForm' ? [condition] : []))
  return resultForms.filter((form) => said.every(({ operator, rightOperand }) => [rightOperand].flat().includes(form) === (operator !== 'neq')))
}

function timeOf(conditions: readonly Condition[], operators: readonly string[]): Instant | null {
  const found = conditions.find(({ leftOperand, operator }) => leftOperand === 'dateTime' && operators.includes(operator))
  return (found?.rightOperand as Instant | undefined) ?? null
}
