import { JsonLdParser } from 'jsonld-streaming-parser'
import { Store } from 'n3'

/** A document as triples. Its context is in it: nothing is fetched. */
export async function jsonLdGraph(document: string): Promise<Store> {
  const graph = new Store()
  const parser = new JsonLdParser({
    documentLoader: { load: (url) => Promise.reject(new Error(`the document asks for ${url}, and should hold all that it needs`)) },
  })
  parser.end(document)
  for await (const quad of parser) graph.addQuad(quad)
  return graph
}
