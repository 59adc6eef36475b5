/** The shapes of DCAT-AP 3.0.1 (SHACL), where they are beside the project as reference data. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonLdGraph } from '@gatehouse/runtime/base/testing/json-ld-graph'
import { Parser, Store } from 'n3'
import Validator from 'rdf-validate-shacl'

const folder = join(import.meta.dirname, '../../../../../../shared/data/standards/dcat-ap/shacl')
const files = ['dcat-ap-SHACL.ttl', 'ranges.ttl'].map((name) => join(folder, name))

export const haveShapes = files.every((file) => existsSync(file))

/** What the shapes find in a document: of which thing, which property, and what is said of it. */
export async function violationsOf(jsonLd: string): Promise<string[]> {
  const shapes = new Store()
  for (const file of files) shapes.addQuads(new Parser().parse(await readFile(file, 'utf8')))
  const { results } = await new Validator(shapes).validate(await jsonLdGraph(jsonLd))
  return results.map(({ focusNode, path, message }) => `${focusNode?.value} ${path?.value}: ${message.map(({ value }) => value).join(' ')}`)
}
