/** An import as people see it. */
import { idSchema, instantSchema, slugSchema } from '@gatehouse/core/schema'
import { z } from 'zod'
import { progressSchema } from '../schema.ts'
import { type ImportRow, importStatuses } from './store.ts'

export const importView = z.strictObject({
  import_id: idSchema('import'),
  status: z.enum(importStatuses),
  record_type: slugSchema,
  record_type_version: z.number().int(),
  created_at: instantSchema,
  progressed_at: instantSchema,
  progress: progressSchema,
})

type Shown = Pick<ImportRow, 'id' | 'status' | 'slug' | 'version' | 'created_at' | 'progressed_at' | 'progress'>

export function viewOf({ id, status, slug, version, created_at, progressed_at, progress }: Shown): z.output<typeof importView> {
  return { import_id: id, status, record_type: slug, record_type_version: version, created_at, progressed_at, progress }
}
