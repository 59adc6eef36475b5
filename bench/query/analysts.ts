/** What people meet on a node with projects: fifty analysts at once, and a run whose analyst loses the membership in its midst. */
import { setTimeout as pause } from 'node:timers/promises'
import { setBudget } from '@gatehouse/modules/exchange/query/budget/settings'
import { countPlan } from '@gatehouse/modules/exchange/query/plans/count'
import { plans } from '@gatehouse/modules/exchange/query/plans/list'
import { readPlan } from '@gatehouse/modules/exchange/query/plans/read'
import { validatePlan } from '@gatehouse/modules/exchange/query/plans/validate'
import { hospitalPlan, patientsCsv, type QueryNode, queryNode, staysCsv } from '@gatehouse/modules/exchange/query/testing/query'
import { addMember, removeMember } from '@gatehouse/modules/governance/projects/members'
import type { QueryPlanInput } from '@gatehouse/query/plan/schema'
import { testClock } from '@gatehouse/runtime/door/testing/node'
import { median } from '../report.ts'

const analysts = 50
const lastsMs = 10_000
const countedRows = 100_000
const runRows = 1_000_000

export interface Waits {
  readonly what: string
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Two tables as the hospital's own, of a size that matters. */
async function tablesOf(n: QueryNode, name: string, rows: number): Promise<QueryPlanInput> {
  await n.say(await n.upload(`patients_${name}`, patientsCsv(rows)), [
    { name: 'patient_number', identifier_role: 'subject' },
    { name: 'birth_year', identifier_role: 'quasi' },
    { name: 'town', identifier_role: 'quasi' },
  ])
  await n.say(await n.upload(`stays_${name}`, staysCsv(rows)), [
    { name: 'patient_number', identifier_role: 'subject' },
    { name: 'diagnosis', identifier_role: 'sensitive' },
    { name: 'days', identifier_role: 'none' },
  ])
  return { ...hospitalPlan, sources: hospitalPlan.sources.map((source) => ({ ...source, table: `${source.table}_${name}` })) }
}

const referencesOf = ({ sources }: QueryPlanInput) => sources.map(({ table }) => table)

/** Each looks at the plans, reads one, has it checked and counts a cohort, again and again. Milliseconds through the door. */
async function atOnce(n: QueryNode): Promise<{ waits: Waits[]; perSecond: number }> {
  const linked = await tablesOf(n, 'counted', countedRows)
  const { linkage: _, ...single } = linked
  const document: QueryPlanInput = {
    ...single,
    sources: linked.sources.slice(0, 1),
    elements: linked.elements.filter(({ source }) => source === 'patients'),
    cohort: {
      all: [
        { column: 'birth_year', is: 'ge', value: 1953 },
        { column: 'town', in: ['York', 'Leeds'] },
      ],
    },
  }
  const of = await n.project(referencesOf(document))
  const limits = { project: of.project, epsilon_total: 1, floor: 10, clean_results: 'reviewed', questions_per_day: 100_000 }
  await n.done(setBudget, limits, n.officer)
  const made = await n.plan(of, document)
  const people = [of.analyst]
  while (people.length < analysts) {
    const person = await n.staff()
    await n.done(addMember, { project: of.project, kind: 'user', holder: person.id, role: 'project_analyst' }, n.officer)
    people.push(person)
  }
  const acts = [
    { what: 'list plans', operation: plans, input: { project: of.project } },
    { what: 'read a plan', operation: readPlan, input: { project: of.project, plan: made.id } },
    { what: 'validate a plan', operation: validatePlan, input: { project: of.project, document } },
    { what: `count a cohort of ${countedRows.toLocaleString('en')} rows`, operation: countPlan, input: { project: of.project, document } },
  ]
  for (const { operation, input } of acts) await n.done(operation, input, of.analyst)
  const took = acts.map((): number[] => [])
  const began = performance.now()
  await Promise.all(
    people.map(async (person, index) => {
      for (let turn = index; performance.now() - began < lastsMs; turn++) {
        const at = turn % acts.length
        const { operation, input } = acts[at] as (typeof acts)[number]
        const asked = performance.now()
        await n.done(operation, input, person)
        took[at]?.push(performance.now() - asked)
      }
    }),
  )
  const all = took.flat()
  const waits = [...acts.map(({ what }, at) => waitsOf(what, took[at] ?? [])), waitsOf('all of them', all)]
  return { waits, perSecond: all.length / ((performance.now() - began) / 1000) }
}

function waitsOf(what: string, tookMs: readonly number[]): Waits {
  const sorted = tookMs.toSorted((left, right) => left - right)
  const share = (of: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN
  return { what, count: sorted.length, p50: share(0.5), p95: share(0.95), p99: share(0.99) }
}

/** Seconds from the answer to the removal until the run has ended as refused and its files are gone; once in each kind of step. */
async function revoked(n: QueryNode): Promise<number[]> {
  const document = await tablesOf(n, 'run', runRows)
  const times: number[] = []
  for (const kind of ['extract', 'link', 'treat']) {
    const of = await n.project(referencesOf(document))
    const run = await n.start(of, await n.plan(of, document))
    const conducted = n.conduct(run.id)
    await begun(n, of, run.id, kind)
    await n.done(removeMember, { project: of.project, member: of.members[1] }, n.officer)
    const removed = performance.now()
    await conducted
    times.push((performance.now() - removed) / 1000)
    const { state, reason } = await n.look(of, run.id)
    if (state !== 'refused' || reason !== 'not_member') throw new Error(`the run ended as ${state}, ${reason}, before its analyst was removed`)
  }
  return times
}

async function begun(n: QueryNode, of: Parameters<QueryNode['look']>[0], run: string, kind: string): Promise<void> {
  for (;;) {
    const { state, reason, steps } = await n.look(of, run)
    if (steps.some((step) => step.kind === kind && step.started_at !== null)) return
    if (reason !== null || state === 'held_for_review') throw new Error(`the run ended as ${state}, ${reason}, before its step ${kind}`)
    await pause(20)
  }
}

/** A node of its own, whose clock goes. */
export async function measureAnalysts(): Promise<{ waits: Waits[]; perSecond: number; revokedSeconds: number; revokedWorst: number }> {
  const n = await queryNode({ clock: { ...testClock(), nowMs: () => Date.now() } })
  try {
    const { waits, perSecond } = await atOnce(n)
    const times = await revoked(n)
    return { waits, perSecond, revokedSeconds: median(times), revokedWorst: Math.max(...times) }
  } finally {
    await n.t.close()
  }
}
