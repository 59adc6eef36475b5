import { idSchema, instantSchema, jsonValue } from '@gatehouse/core/schema'
import { saidSchema } from '@gatehouse/core/sentence'
import { resultForms } from '@gatehouse/policy/document'
import { pictureKinds } from '@gatehouse/query/plan/picture'
import { queryPlanSchema } from '@gatehouse/query/plan/schema'
import { z } from 'zod'
import { exampleProject, inputOfProject, toldCount } from '../schema.ts'

export const planInput = inputOfProject.extend({ plan: idSchema('query_plan') })
export const versionInput = planInput.extend({ version: z.coerce.number().int().min(1) })

/** Why the holders of the tables must agree before a version can be run. */
export const approvalReasons = ['identifiable', 'untreated', 'direct_identifiers', 'not_offered'] as const
export type ApprovalReason = (typeof approvalReasons)[number]

export const approvalStates = ['not_needed', 'needed', 'asked', 'approved'] as const

export const approvalSchema = z.strictObject({
  state: z.enum(approvalStates),
  reasons: z.array(z.enum(approvalReasons)),
  review: idSchema('review').nullable().describe('The review at the desk, once somebody has asked for it'),
})
export type Approval = z.output<typeof approvalSchema>

export const versionSummary = z.strictObject({
  version: z.int(),
  hash: z.string().describe('SHA-256 over the plan as canonical JSON: what is approved is what is run'),
  title: z.string(),
  form: z.enum(resultForms),
  approval: approvalSchema,
  runnable: z.boolean().describe('Whether it may be run as far as approvals are concerned; everything else is asked when it runs'),
  made_by: z.string(),
  made_at: instantSchema,
})
export type VersionSummary = z.output<typeof versionSummary>

export const versionView = versionSummary.extend({ plan: idSchema('query_plan'), document: queryPlanSchema })

export const planSummary = z.strictObject({
  id: idSchema('query_plan'),
  project: idSchema('project'),
  /** Of its latest version. */
  title: z.string(),
  latest: versionSummary,
  versions: z.int(),
  created_by: z.string(),
  created_at: instantSchema,
})
export type PlanSummary = z.output<typeof planSummary>

export const planDetail = planSummary.extend({ document: queryPlanSchema, history: z.array(versionSummary).describe('The newest first') })

export const planChange = z.strictObject({
  pointer: z.string().describe('JSON pointer (RFC 6901) of the place'),
  kind: z.enum(['added', 'removed', 'changed']),
  before: jsonValue.optional(),
  after: jsonValue.optional(),
  words: z.string(),
})
export const planDiff = z.strictObject({ from: z.int(), to: z.int(), changes: z.array(planChange) })
export type PlanDiff = z.output<typeof planDiff>

export const planFault = z.strictObject({
  pointer: z.string(),
  detail: z.string(),
  said: saidSchema.optional().describe('The sentence by its code; absent where only English is known'),
})

/** A plan as a picture: what happens to the records, in which order. Labels are codes, whose words are the viewer's. */
export const planPicture = z.strictObject({
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(pictureKinds),
      label: z.strictObject({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }),
      pointer: z.string().describe('Where in the plan it is said'),
    }),
  ),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
})

export type PlanPicture = z.output<typeof planPicture>

/** An element that the catalogue knows as more telling than the plan says: the stricter role is kept. */
export const raisedRole = z.strictObject({ pointer: z.string(), from: z.string(), to: z.string() })

export const checkedPlan = z.strictObject({
  valid: z.boolean(),
  errors: z.array(planFault),
  hash: z.string().nullable(),
  picture: planPicture.nullable(),
  raised: z.array(raisedRole).describe('Elements that the catalogue knows as more telling than the plan says; the stricter role is kept'),
  approval_reasons: z.array(z.enum(approvalReasons)).describe('Why holders would have to agree; empty where it can be run at once'),
})

export const riskFigures = z.strictObject({
  rows: toldCount,
  /** Of whoever knows that a person is in the table. */
  prosecutor_highest: z.number(),
  prosecutor_average: z.number(),
  /** Share of the rows whose risk is above the plan's threshold. */
  rows_at_risk: z.number(),
})

export const stepFigures = z.strictObject({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  rows_in: toldCount,
  rows_out: toldCount,
  cells_changed: toldCount.optional(),
  /** Rows that were taken out, by why. */
  reasons: z.record(z.string(), toldCount),
})
export type StepFigures = z.output<typeof stepFigures>

/** What becomes of one element, in the rows that stay: rows lost are told by their step. */
export const columnFigures = z.strictObject({
  name: z.string(),
  prepared: toldCount.describe('Values that are others once its source is prepared'),
  changed: toldCount.describe('Values that the treatment changes, those suppressed counted'),
  suppressed: toldCount.describe('Values of which the preparation or the treatment leaves nothing'),
  loss: z.number().nullable().describe('0 nothing lost, 1 nothing left, to two digits; null where nothing is coarsened'),
})
export type ColumnFigures = z.output<typeof columnFigures>

/** `depends_on_nodes`: as far as this node can tell, nothing stands against it. */
export const dryRunOutcomes = ['would_be_held', 'would_be_released', 'would_be_refused', 'depends_on_nodes'] as const
export const dryRunResult = z.strictObject({
  outcome: z.enum(dryRunOutcomes),
  reason: z.string().nullable().describe('The reason code of a run that would end so'),
  sampled: z.boolean().describe('Only the first rows of a source were read'),
  floor: z.int(),
  nodes: z.array(z.string()).describe('Nodes of the plan, which alone can tell what comes of their tables; the steps are those of this node'),
  steps: z.array(stepFigures),
  rows: toldCount,
  risk_before: riskFigures.nullable(),
  risk_after: riskFigures.nullable(),
  loss: z.number().nullable().describe('0 nothing lost, 1 nothing left'),
  columns: z.array(columnFigures).describe('Each element whose source this node could try'),
})

export const cohortCount = z.strictObject({
  people: toldCount,
  floor: z.int(),
  base: z.int().describe('What the figure is rounded to'),
  nodes: z.array(z.string()).describe('Nodes of the plan that would have to give their parts first; nothing is counted then'),
})

/** For the reference: two tables of a hospital, linked by tokens. */
export const examplePlan = {
  version: 1 as const,
  form: 'anonymised' as const,
  sources: [
    { as: 'patients', table: 'hospital.patients' },
    { as: 'stays', table: 'admissions.stays' },
  ],
  elements: [
    { name: 'birth_year', source: 'patients', column: 'birth_year', role: 'quasi' as const, type: 'integer' as const, weight: 0.8 },
    { name: 'diagnosis', source: 'stays', column: 'diagnosis', role: 'sensitive' as const },
  ],
  linkage: {
    keys: [{ name: 'number', form: 'identifier' as const, columns: { patients: 'patient_number', stays: 'patient_number' } }],
    method: { kind: 'deterministic' as const, passes: [['number']] },
  },
  treatment: { models: [{ model: 'k_anonymity' as const, k: 10 }] },
  output: { title: 'Diagnoses by year of birth' },
}
export const exampleOfPlan = { project: exampleProject, plan: '0198c1de-7b3a-7c4d-8e5f-000000000002' }
