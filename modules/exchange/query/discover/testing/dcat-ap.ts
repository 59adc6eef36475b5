/** The shapes of DCAT-AP 3.0.1 (SHACL), where they are beside the project as reference data. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JsonLdParser } from 'jsonld-streaming-parser'
import { Parser, Store } from 'n3'
import Validator from 'rdf-validate-shacl'

const folder = join(import.meta.dirname, '../../../../../../shared/data/standards/dcat-ap/shacl')
const files = ['dcat-ap-SHACL.ttl', 'ranges.ttl'].map((name) => join(folder, name))

export const haveShapes = files.every((file) => existsSync(file))

/** What the shapes find in a document: of which thing, which property, and what is said of it. */
export async function violationsOf(jsonLd: string): Promise<string[]> {
  const shapes = new Store()
  for (const file of files) shapes.addQuads(new Parser().parse(await readFile(file, 'utf8')))
  const { results } = await new Validator(shapes).validate(await graphOf(jsonLd))
  return results.map(({ focusNode, path, message }) => `${focusNode?.value} ${path?.value}: ${message.map(({ value }) => value).join(' ')}`)
}

/** Its context is in it: nothing is fetched. */
async function graphOf(jsonLd: string): Promise<Store> {
  const graph = new Store()
  const parser = new JsonLdParser({
    documentLoader: { load: (url) => Promise.reject(new Error(`the document asks for ${url}, and should hold all that it needs`)) },
  })
  parser.end(jsonLd)
  for await (const quad of parser) graph.addQuad(quad)
  return graph
}
