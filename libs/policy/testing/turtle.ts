/** As much of Turtle as sets of test cases need: prefixes, IRIs, prefixed names, texts with a type, `a`, `;` and `,`. */
type Value = { readonly iri: string } | { readonly text: string }
/** By subject, then by predicate. */
export type Graph = ReadonlyMap<string, ReadonlyMap<string, readonly Value[]>>

const token = /<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:\^\^(?:<[^>]*>|[\w-]*:[\w-]+))?|(@prefix)|([\w-]*:[\w.-]*[\w-]|[\w-]+:)|(\ba\b)|([.;,])/g

export function readTurtle(...texts: readonly string[]): Graph {
  const graph = new Map<string, Map<string, Value[]>>()
  for (const text of texts) readInto(graph, text)
  return graph
}

function readInto(graph: Map<string, Map<string, Value[]>>, text: string): void {
  const prefixes = new Map<string, string>()
  const tokens = [...text.matchAll(token)]
  const iri = (match: RegExpMatchArray): string => {
    if (match[5] !== undefined) return 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    if (match[1] !== undefined) return match[1]
    const [prefix, local] = (match[4] ?? '').split(/:(.*)/s) as [string, string]
    const base = prefixes.get(prefix)
    if (base === undefined) throw new TypeError(`no prefix ${prefix}`)
    return base + local
  }
  for (let at = 0; at < tokens.length; ) {
    if (tokens[at]?.[3] !== undefined) {
      prefixes.set((tokens[at + 1]?.[4] ?? '').slice(0, -1), tokens[at + 2]?.[1] ?? '')
      at += 4
      continue
    }
    const subject = iri(tokens[at++] as RegExpMatchArray)
    const members = graph.get(subject) ?? new Map<string, Value[]>()
    graph.set(subject, members)
    for (let end = ''; end !== '.'; ) {
      const predicate = iri(tokens[at++] as RegExpMatchArray)
      const values = members.get(predicate) ?? []
      members.set(predicate, values)
      do {
        const match = tokens[at++] as RegExpMatchArray
        values.push(match[2] === undefined ? { iri: iri(match) } : { text: match[2] })
        end = tokens[at++]?.[6] ?? '.'
      } while (end === ',')
    }
  }
}

const rdfType = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'

/** The thing and everything that it leads to, as a JSON object; what is named and not described stays a name. */
export function jsonOf(graph: Graph, subject: string): Record<string, unknown> {
  const json: Record<string, unknown> = { '@id': subject }
  for (const [predicate, values] of graph.get(subject) ?? []) {
    const read = values.map((value) => ('text' in value ? value.text : graph.has(value.iri) && value.iri !== subject ? jsonOf(graph, value.iri) : value.iri))
    json[predicate === rdfType ? '@type' : predicate] = read.length === 1 ? read[0] : read
  }
  return json
}
