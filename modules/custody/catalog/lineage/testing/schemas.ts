/** The schemas of OpenLineage, where the reference data is: what an event and its facets break of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { RunEvent } from '../event.ts'

const folder = join(import.meta.dirname, '../../../../../../shared/data/standards/openlineage')

export const schemasMissing = !existsSync(folder)

/** @returns the faults of a value against one schema by its address */
export function openLineageSchemas(): (schemaUrl: string, value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>
  ajv.addSchema(read('OpenLineage.json'))
  for (const file of readdirSync(join(folder, 'facets'))) ajv.addSchema(read(join('facets', file)))
  return (schemaUrl, value) => {
    const valid = ajv.getSchema(schemaUrl)
    if (valid === undefined) throw new Error(`no schema ${schemaUrl}`)
    return valid(value) ? [] : ajv.errorsText(valid.errors).split(', ')
  }
}

export function facetsOf(event: RunEvent): { readonly _schemaURL: string }[] {
  return [
    event.run.facets,
    event.job.facets,
    ...[...event.inputs, ...event.outputs].flatMap(({ facets, inputFacets, outputFacets }) => [facets, inputFacets, outputFacets]),
  ].flatMap((facets) => Object.values(facets ?? {}) as { _schemaURL: string }[])
}

/** Of the event and of each facet in it. */
export const faultsOfEvent = (faults: ReturnType<typeof openLineageSchemas>, event: RunEvent): string[] => [
  ...faults(event.schemaURL, event),
  ...facetsOf(event).flatMap((facet) => faults(facet._schemaURL, facet)),
]
