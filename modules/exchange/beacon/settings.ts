import type { FieldProblem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { tableByReference } from '../../custody/catalog/index.ts'
import { projectById } from '../../governance/projects/index.ts'
import { beaconAddress } from './open.ts'
import { askedTable } from './plan.ts'
import { problems } from './problems.ts'
import { type BeaconSetting, beaconSetting, exampleSetting } from './schema.ts'
import { putSetting, settingOf } from './store.ts'

const view = z.strictObject({ address: z.string(), setting: beaconSetting.nullable() })

export const readSetting = operation({
  name: 'beacon.read_setting',
  summary: 'What the beacon is about, and who is answered how',
  input: z.strictObject({}),
  output: view,
  access: { action: 'read', on: () => ({ type: 'beacon' }) },
  audit: { none: 'a setting of the institution; nothing about a person' },
  http: { method: 'GET', path: '/v1/beacon' },
  example: { input: {} },
  async run({ tx, node, tenant }) {
    return { address: beaconAddress(node, tenant), setting: (await settingOf(tx))?.document ?? null }
  },
})

export const setBeacon = operation({
  name: 'beacon.set',
  summary: 'Switch the beacon on or off, and say what may be asked',
  description:
    'GA4GH Beacon v2 for cohort discovery. It asks in the name of a project: with its purpose, the tables its holders admitted it to, its floor and the objections of the people. Terms are columns of these tables; what names people directly is none.',
  input: beaconSetting,
  output: view,
  access: { action: 'update', on: () => ({ type: 'beacon' }) },
  audit: ({ enabled, project, terms, granularity }) => ({
    object: { kind: 'project', id: project },
    details: { enabled, terms: terms.length, ...granularity },
  }),
  stepUp: true,
  http: { method: 'PUT', path: '/v1/beacon' },
  example: { input: exampleSetting },
  problems: [doorProblems.not_found, problems.terms_unfit],
  async run(ctx, setting) {
    if ((await projectById(ctx.tx, setting.project)) === undefined) return refuse(doorProblems.not_found, 'there is no such project')
    const errors = await faultsOf(ctx.tx, setting)
    if (errors.length > 0) return refuse(problems.terms_unfit, undefined, {}, { errors })
    await putSetting(ctx.tx, setting, ctx.now)
    ctx.publish({ type: 'beacon.changed', subject: setting.project, data: { enabled: setting.enabled, terms: setting.terms.length } })
    return { address: beaconAddress(ctx.node, ctx.tenant), setting }
  },
})

async function faultsOf(tx: Tx, { individuals, terms }: BeaconSetting): Promise<FieldProblem[]> {
  const errors: FieldProblem[] = []
  const tables = new Map<string, Awaited<ReturnType<typeof tableByReference>>>()
  for (const reference of new Set([individuals, ...terms.map(({ table }) => table)])) tables.set(reference, await tableByReference(tx, reference))
  const fits = (reference: string) => askedTable(reference, tables.get(reference)) !== undefined
  if (!fits(individuals)) errors.push({ pointer: '/individuals', detail: 'no table of the catalogue whose people are told apart by a column' })
  for (const [at, term] of terms.entries()) {
    const column = tables.get(term.table)?.columns.find(({ name }) => name === term.column)
    const pointer = `/terms/${at}`
    if (terms.findIndex(({ id }) => id === term.id) !== at) errors.push({ pointer: `${pointer}/id`, detail: 'another term has this id' })
    if (!fits(term.table)) errors.push({ pointer: `${pointer}/table`, detail: 'no table of the catalogue whose people are told apart by a column' })
    else if (column === undefined) errors.push({ pointer: `${pointer}/column`, detail: 'the table has no such column' })
    else if (column.identifier_role === 'subject' || column.identifier_role === 'direct')
      errors.push({ pointer: `${pointer}/column`, detail: 'what names people directly is no filtering term' })
  }
  return errors
}
