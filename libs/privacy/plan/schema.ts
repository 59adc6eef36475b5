/**
 * The plan file: everything that is decided about a table before it is treated, in one JSON document that can be reviewed, kept and
 * run again. `plan.schema.json` is made from here.
 */
import { jsonValue } from '@gatehouse/core/schema'
import { fieldTypes } from '@gatehouse/tabular/field'
import { dateOrders } from '@gatehouse/tabular/value'
import { z } from 'zod'
import { hierarchySchema } from '../hierarchy/spec.ts'
import { modelSpecSchema } from '../model/catalogue.ts'
import { operatorSchema } from '../operator/catalogue.ts'
import { modelFamilies } from '../operator/operator.ts'

export const columnCountMax = 1_024
export const operatorCountMax = 32
export const modelCountMax = 32
export const settingCountMax = 64

const columnName = z.string().min(1).max(1_024)

const hierarchyFileSchema = z
  .strictObject({ kind: z.literal('file'), path: z.string().min(1).max(4_096), delimiter: z.enum([';', ',']).optional() })
  .meta({ description: 'A file with one line for each value, from the value to its most general group; the path is relative to the plan.' })

const columnHierarchySchema = z.discriminatedUnion('kind', [...hierarchySchema.options, hierarchyFileSchema])

export const columnPlanSchema = z.strictObject({
  role: z.enum(['quasi', 'sensitive', 'identifying', 'insensitive']).meta({
    description:
      'quasi: could be known of a person from elsewhere, and is generalised; sensitive: must not be learnt, and is what diversity models look at; identifying: taken out, or masked; insensitive: released as it is.',
  }),
  type: z
    .enum(fieldTypes)
    .optional()
    .meta({ description: 'How values are read. Without it text, but numbers for an interval hierarchy and dates for a date hierarchy.' }),
  date_order: z.enum(dateOrders).optional().meta({ description: 'How dates that are not ISO 8601 are written.' }),
  hierarchy: columnHierarchySchema
    .optional()
    .meta({ description: 'How values are coarsened. A quasi-identifier without one is kept or suppressed as a whole.' }),
  weight: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ description: 'How much the loss of this column counts; 0.5 unless told. The highest weighted are transformed least.' }),
  operators: z.array(operatorSchema).max(operatorCountMax).optional().meta({ description: 'Run in order, before the search.' }),
  mask: z
    .record(z.string(), jsonValue)
    .optional()
    .meta({ description: 'A mask as docs/reference/masks.md lists them, in place of taking an identifying column out.' }),
})

const riskMeasure = z.enum(['prosecutor', 'journalist', 'marketer'])

const riskLoopSchema = z
  .strictObject({
    knob: z
      .enum(['k', 'suppression_limit'])
      .meta({ description: 'The one thing that is tightened: k of k_anonymity, or the suppression limit (where a lower one may not be met).' }),
    settings: z.array(z.number()).min(1).max(settingCountMax).meta({ description: 'From the loosest to the tightest.' }),
    measure: riskMeasure.default('prosecutor'),
    threshold: z.number().gt(0).max(1).meta({ description: 'The risk may be this high.' }),
    max_rounds: z.int().min(1).max(settingCountMax).default(20),
  })
  .meta({ description: 'Treat, measure, tighten, treat again; without reaching the threshold nothing is released.' })

export const planSchema = z
  .strictObject({
    version: z.literal(1),
    columns: z.record(columnName, columnPlanSchema),
    other_columns: z.enum(['refuse', 'leave_out']).default('refuse').meta({ description: 'What happens to columns of the table that the plan does not name.' }),
    operators: z
      .array(z.strictObject({ columns: z.array(columnName).max(columnCountMax).default([]), apply: operatorSchema }))
      .max(operatorCountMax)
      .default([])
      .meta({ description: 'Operators on several columns together, or on rows; run after those of the columns.' }),
    models: z.array(modelSpecSchema).min(1).max(modelCountMax),
    accept_voided: z
      .array(z.enum(modelFamilies))
      .default([])
      .meta({ description: 'Promises that are given up on purpose, because an operator takes their meaning away.' }),
    suppression_limit: z.number().min(0).max(1).default(0).meta({ description: 'Share of the rows that may be suppressed.' }),
    quality: z
      .enum(['loss', 'precision', 'discernibility', 'average_class_size', 'non_uniform_entropy', 'kl_divergence', 'classification_accuracy'])
      .default('loss'),
    quality_target: columnName.optional().meta({ description: 'The column to be predicted, for classification_accuracy.' }),
    aggregate: z.enum(['geometric', 'arithmetic']).default('geometric').meta({ description: 'How the losses of the columns are put together.' }),
    strategy: z.enum(['auto', 'optimal', 'heuristic']).default('auto'),
    budget: z.strictObject({ ms: z.int().min(1).max(86_400_000).optional(), checks: z.int().min(1).max(1_000_000_000).optional() }).optional(),
    local_recoding: z
      .boolean()
      .default(false)
      .meta({ description: 'Treats suppressed rows again on their own, so that fewer are lost; a value may then appear at several levels.' }),
    population: z
      .strictObject({ path: z.string().min(1).max(4_096) })
      .optional()
      .meta({ description: 'A table of the population, with the same quasi-identifiers.' }),
    risk: z
      .strictObject({ threshold: z.number().min(0).max(1).default(0.2), population_size: z.int().min(1).optional() })
      .default({ threshold: 0.2 })
      .meta({ description: 'What the report measures before and after.' }),
    risk_loop: riskLoopSchema.optional(),
    seed: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: 'For tests only: whoever knows it can undo the randomness. Refused unless it is allowed on the command line.' }),
  })
  .meta({ title: 'Gatehouse treatment plan' })

export type Plan = z.infer<typeof planSchema>
export type ColumnPlan = z.infer<typeof columnPlanSchema>
export type RiskLoopPlan = z.infer<typeof riskLoopSchema>
export type ColumnHierarchy = z.infer<typeof columnHierarchySchema>

/** JSON Schema (draft 2020-12) of the plan as it is written, where members with a default may be left out. */
export function planJsonSchema(): object {
  return z.toJSONSchema(planSchema, { io: 'input', reused: 'ref' })
}
