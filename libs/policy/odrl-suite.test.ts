/** The public cases of ODRL evaluation, as far as the closed profile covers them. What it does not cover it refuses by name, and the counts are held. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Instant } from '@gatehouse/core/instant'
import { instantMs, parseInstant } from '@gatehouse/core/instant'
import { describe, expect, it } from 'vitest'
import { readTerms } from './odrl-read-terms.ts'
import { activeRules, type Terms } from './odrl-terms.ts'
import { emptyWorld } from './question.ts'
import { purposes } from './testing/policies.ts'
import { type Graph, jsonOf, readTurtle } from './testing/turtle.ts'

const folder = join(import.meta.dirname, '../../../shared/data/standards/odrl')
const there = existsSync(folder)
const odrl = 'http://www.w3.org/ns/odrl/2/'
const report = 'https://w3id.org/force/compliance-report#'
const file = (path: string) => readFileSync(join(folder, path), 'utf8')

interface Case {
  readonly name: string
  readonly policy: string
  readonly request: string
  readonly world: string
}

const cases: Case[] = there
  ? file('cases.tsv')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [name = '', , policy = '', request = '', world = ''] = line.split('\t')
        return { name, policy, request, world }
      })
  : []

const only = (graph: Graph, type: string): string[] =>
  [...graph]
    .filter(([, members]) => members.get('http://www.w3.org/1999/02/22-rdf-syntax-ns#type')?.some((value) => 'iri' in value && value.iri === type))
    .map(([id]) => id)

function named(graph: Graph, subject: string, predicate: string): string {
  const [value] = graph.get(subject)?.get(predicate) ?? []
  return value === undefined ? '' : 'iri' in value ? value.iri : value.text
}

function asked({ request, world }: Case) {
  const graph = readTurtle(file(request), file(world))
  const [permission = ''] = only(graph, `${odrl}Permission`)
  const at = parseInstant(named(graph, 'http://example.com/request/currentTime', 'http://purl.org/dc/terms/issued')) as Instant
  const assignee = named(graph, permission, `${odrl}assignee`)
  const target = named(graph, permission, `${odrl}target`)
  const question = { action: 'release' as const, recipient: assignee, recordType: target, available: [], purpose: 'dpv:Purpose', at }
  return { action: named(graph, permission, `${odrl}action`).slice(odrl.length), assignee, target, facts: { question, world: emptyWorld, atMs: instantMs(at) } }
}

const expected = ({ name }: Case): string => {
  const graph = readTurtle(file(`test_cases/${name}.ttl`))
  const rules = [...only(graph, `${report}PermissionReport`), ...only(graph, `${report}ProhibitionReport`)]
  return rules.map((rule) => named(graph, rule, `${report}activationState`).slice(report.length)).join()
}

const states = (terms: Terms, one: Case): string => {
  const { permission, prohibition } = activeRules(terms, asked(one), purposes)
  return [...permission, ...prohibition].map((answer) => (answer === true ? 'Active' : 'Inactive')).join()
}

const read = ({ policy }: Case) => {
  const graph = readTurtle(file(policy))
  const [set = ''] = only(graph, `${odrl}Set`)
  return readTerms(jsonOf(graph, set))
}

/** What the profile refuses, by the kind of thing and its name. */
const refused: Readonly<Record<string, number>> = {
  'action (none)': 5,
  'party AssetCollection': 4,
  'duty compensate': 4,
}

describe.skipIf(!there)('the ODRL test suite (reference data, if present)', () => {
  it.each(cases.filter((one) => read(one).ok))('$name: each rule is as active as the report says', (one) => {
    const reading = read(one)
    expect(reading.ok && states(reading.terms, one)).toBe(expected(one))
  })

  it('covers 32 of 45 cases; the others are refused by the name of what is outside the profile', () => {
    const counts: Record<string, number> = {}
    for (const reading of cases.map(read)) {
      if (reading.ok) continue
      const [first] = reading.refused
      const name = `${first?.kind} ${first?.name}`
      counts[name] = (counts[name] ?? 0) + 1
    }
    console.log(`ODRL cases: ${cases.length}, covered ${cases.filter((one) => read(one).ok).length}, refused ${JSON.stringify(counts)}`)
    expect(cases).toHaveLength(45)
    expect(counts).toEqual(refused)
    expect(cases.filter((one) => read(one).ok)).toHaveLength(32)
  })
})
