/** What may be done with a data class. Closed: a policy that names another action is refused. */
export interface Action {
  readonly name: string
  /** The action in ODRL's words, or in this profile's where ODRL has none. */
  readonly iri: string
  /** How a sentence says it: "Acme may …". */
  readonly verb: string
}

export const actionNames = ['release', 'read', 'query', 'aggregate', 'export', 'verify', 'run'] as const

export type ActionName = (typeof actionNames)[number]

export const actions: Readonly<Record<ActionName, Action>> = {
  release: { name: 'release', iri: 'odrl:distribute', verb: 'receive' },
  read: { name: 'read', iri: 'odrl:read', verb: 'read' },
  query: { name: 'query', iri: 'gh:query', verb: 'query record by record' },
  aggregate: { name: 'aggregate', iri: 'odrl:aggregate', verb: 'query in aggregates only' },
  export: { name: 'export', iri: 'gh:export', verb: 'export' },
  verify: { name: 'verify', iri: 'gh:verify', verb: 'have values checked against' },
  run: { name: 'run', iri: 'gh:run', verb: 'run programs on' },
}
