import { z } from 'zod'
import { queryPlanSchema } from './schema.ts'

/** JSON Schema (draft 2020-12) of the plan as it is written, where members with a default may be left out. */
export function planJsonSchema(): object {
  return z.toJSONSchema(queryPlanSchema, { io: 'input', reused: 'ref' })
}
