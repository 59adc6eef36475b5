import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, limits } from './check.ts'
import { compileSchema } from './compile-schema.ts'
import { expand, lookupResources, lookupSubjects } from './lookup.ts'
import { answerOf, missingIn, pathOf } from './proof.ts'
import { type Edge, edgeOf, type ObjectRef, parseRelationship, relationshipText, type SubjectRef, subjectText } from './relationship.ts'
import { layered, MemoryTuples } from './tuples.ts'

const schema = compileSchema(`
  use expiration

  definition user {}

  definition group {
    relation member: user | group#member
  }

  definition folder {
    relation parent: folder
    relation viewer: user | user:* | group#member
    relation banned: user
    permission view = viewer + parent->view
    permission safe = view - banned
  }

  definition doc {
    relation parent: folder
    relation team: group
    relation reader: user | user with in_hours | user with expiration | group#member
    permission read = reader + parent->view
    permission strict = read & parent.all(view)
    permission clear = strict - reader
    permission common = team.all(member)
  }

  caveat in_hours(hour int, from int, until int) {
    hour >= from && hour < until
  }
`)

const asked = { context: {}, nowMs: Date.parse('2026-11-28T12:00:00Z') }

function tuplesOf(...lines: string[]): MemoryTuples {
  return new MemoryTuples(schema, lines.map(edgeFrom))
}

function edgeFrom(line: string): Edge {
  const relationship = parseRelationship(line)
  const edge = relationship === undefined ? 'it is none' : edgeOf(schema, relationship)
  if (typeof edge === 'string') throw new Error(`${line}: ${edge}`)
  return edge
}

const ref = (text: string): SubjectRef => {
  const [, type = '', id = '', relation] = /^(\w+):([^#]+)(?:#(\w+))?$/.exec(text) ?? []
  return { type, id, ...(relation === undefined ? {} : { relation }) }
}

const may = (tuples: MemoryTuples, object: string, name: string, subject: string, context = {}) =>
  answerOf(schema, check(schema, tuples, ref(object), name, ref(subject)), { ...asked, context })

describe('what is no grant', () => {
  it('is everything, where nothing is written', () => {
    for (const name of ['read', 'strict', 'clear', 'common']) expect(may(tuplesOf(), 'doc:a', name, 'user:ada')).toBe('no')
  })

  it('is a permission of another object, whatever its id', () => {
    const tuples = tuplesOf('doc:a#reader@user:ada')
    for (const id of ['b', 'a/', '/a', 'A', 'aa']) expect(may(tuples, `doc:${id}`, 'read', 'user:ada')).toBe('no')
    expect(() => check(schema, tuples, ref('doc:a'), 'write', ref('user:ada'))).toThrow(RangeError)
    expect(() => check(schema, tuples, ref('dragon:a'), 'read', ref('user:ada'))).toThrow(RangeError)
  })

  it('is a circle of groups, and a circle of folders', () => {
    const tuples = tuplesOf(
      'group:a#member@group:b#member',
      'group:b#member@group:a#member',
      'doc:d#reader@group:a#member',
      'folder:x#parent@folder:y',
      'folder:y#parent@folder:x',
      'doc:d#parent@folder:x',
    )
    expect(may(tuples, 'doc:d', 'read', 'user:ada')).toBe('no')
    tuples.add(edgeFrom('group:b#member@user:ada'))
    expect(may(tuples, 'doc:d', 'read', 'user:ada')).toBe('yes')
  })

  it('is a crowd of groups that all name each other, told in bounded time', () => {
    const ids = Array.from({ length: 40 }, (_, at) => `g${at}`)
    const tuples = tuplesOf(...ids.flatMap((one) => ids.filter((other) => other !== one).map((other) => `group:${one}#member@group:${other}#member`)))
    const began = performance.now()
    expect(may(tuples, 'group:g0', 'member', 'user:ada')).toBe('no')
    tuples.add(edgeFrom('group:g39#member@user:ada'))
    expect(may(tuples, 'group:g0', 'member', 'user:ada')).toBe('yes')
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('is a chain longer than the bound: unknown, and so denied', () => {
    const chain = (length: number) =>
      tuplesOf(...Array.from({ length }, (_, at) => `group:g${at}#member@group:g${at + 1}#member`), `group:g${length}#member@user:ada`)
    expect(may(chain(limits.depthMax - 2), 'group:g0', 'member', 'user:ada')).toBe('yes')
    expect(may(chain(limits.depthMax + 2), 'group:g0', 'member', 'user:ada')).toBe('unknown')
  })

  it('is an exclusion that hangs on itself', () => {
    const odd = compileSchema('definition user {} definition thing { relation base: user relation up: thing permission on = base - up->on }')
    const edges = ['thing:a#base@user:ada', 'thing:a#up@thing:a'].map((line) => edgeOf(odd, parseRelationship(line) as never) as Edge)
    expect(answerOf(odd, check(odd, new MemoryTuples(odd, edges), ref('thing:a'), 'on', ref('user:ada')), asked)).toBe('unknown')
  })

  it('is what a caveat without its context would give, and what a throwing one gives', () => {
    const tuples = tuplesOf('doc:a#reader@user:ada[in_hours:{"from":8,"until":18}]')
    expect(may(tuples, 'doc:a', 'read', 'user:ada')).toBe('unknown')
    expect(may(tuples, 'doc:a', 'read', 'user:ada', { hour: 'noon' })).toBe('unknown')
    expect(may(tuples, 'doc:a', 'read', 'user:ada', { hour: 20 })).toBe('no')
    expect(may(tuples, 'doc:a', 'read', 'user:ada', { hour: 20, until: 24 })).toBe('no')
    expect(may(tuples, 'doc:a', 'read', 'user:ada', { hour: 12 })).toBe('yes')
    expect(missingIn(schema, check(schema, tuples, ref('doc:a'), 'read', ref('user:ada')), asked)).toEqual(['hour'])
  })

  it('is what has ended, to the millisecond', () => {
    const proof = check(schema, tuplesOf('doc:a#reader@user:ada[expiration:2026-11-28T12:00:00Z]'), ref('doc:a'), 'read', ref('user:ada'))
    expect(answerOf(schema, proof, asked)).toBe('no')
    expect(answerOf(schema, proof, { ...asked, nowMs: asked.nowMs - 1 })).toBe('yes')
  })
})

describe('what cannot be written', () => {
  it.each([
    ['a permission', 'doc:a#read@user:ada'],
    ['a relation that there is not', 'doc:a#owner@user:ada'],
    ['everybody, where only persons are allowed', 'group:a#member@user:*'],
    ['another userset', 'doc:a#reader@folder:f#viewer'],
    ['a caveat that the relation does not take', 'group:a#member@user:ada[in_hours]'],
    ['a caveat with a strange parameter', 'doc:a#reader@user:ada[in_hours:{"minute":1}]'],
    ['a caveat with a value of another type', 'doc:a#reader@user:ada[in_hours:{"from":"eight"}]'],
    ['an end that the relation does not take', 'group:a#member@user:ada[expiration:2030-01-01T00:00:00Z]'],
  ])('%s', (_, line) => {
    expect(typeof edgeOf(schema, parseRelationship(line) as never)).toBe('string')
  })

  it('reads back what it writes', () => {
    for (const line of ['doc:a#reader@user:ada[in_hours:{"from":8}]', 'doc:a#reader@group:g#member', 'folder:f#viewer@user:*']) {
      expect(relationshipText(parseRelationship(line) as never)).toBe(line)
    }
    for (const line of ['', 'doc:a', 'doc:a#reader', 'doc:#reader@user:ada', 'doc:a#reader@user:ada[', 'doc:a#reader@user:ada[expiration:never]'])
      expect(parseRelationship(line)).toBeUndefined()
  })
})

describe('against an oracle that computes every answer by brute force', () => {
  const users = ['ada', 'ben', 'cam']
  const groups = ['g', 'h', 'i']
  const folders = ['x', 'y', 'z']
  const docs = ['d', 'e']
  const lineOf = fc.oneof(
    fc.tuple(fc.constantFrom(...groups), fc.constantFrom(...users)).map(([g, u]) => `group:${g}#member@user:${u}`),
    fc.tuple(fc.constantFrom(...groups), fc.constantFrom(...groups)).map(([g, h]) => `group:${g}#member@group:${h}#member`),
    fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...folders)).map(([f, p]) => `folder:${f}#parent@folder:${p}`),
    fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...users, '*')).map(([f, u]) => `folder:${f}#viewer@user:${u}`),
    fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...groups)).map(([f, g]) => `folder:${f}#viewer@group:${g}#member`),
    fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...users)).map(([f, u]) => `folder:${f}#banned@user:${u}`),
    fc.tuple(fc.constantFrom(...docs), fc.constantFrom(...folders)).map(([d, f]) => `doc:${d}#parent@folder:${f}`),
    fc.tuple(fc.constantFrom(...docs), fc.constantFrom(...groups)).map(([d, g]) => `doc:${d}#team@group:${g}`),
    fc.tuple(fc.constantFrom(...docs), fc.constantFrom(...users)).map(([d, u]) => `doc:${d}#reader@user:${u}`),
    fc.tuple(fc.constantFrom(...docs), fc.constantFrom(...groups)).map(([d, g]) => `doc:${d}#reader@group:${g}#member`),
  )

  /** Sets grow until nothing changes; exclusions are computed afterwards, since none is inside a circle here. */
  function oracle(lines: readonly string[], user: string): Map<string, boolean> {
    const holds = new Map<string, boolean>()
    const get = (key: string) => holds.get(key) === true
    const of = (object: string, relation: string) =>
      lines.filter((line) => line.startsWith(`${object}#${relation}@`)).map((line) => line.slice(line.indexOf('@') + 1))
    const inRelation = (object: string, relation: string) =>
      of(object, relation).some((subject) => subject === `user:${user}` || subject === 'user:*' || get(subject))
    for (let changed = true; changed; ) {
      changed = false
      const set = (key: string, value: boolean) => {
        if (value && !get(key)) {
          holds.set(key, true)
          changed = true
        }
      }
      for (const g of groups) set(`group:${g}#member`, inRelation(`group:${g}`, 'member'))
      for (const f of folders)
        set(`folder:${f}#view`, inRelation(`folder:${f}`, 'viewer') || of(`folder:${f}`, 'parent').some((parent) => get(`${parent}#view`)))
      for (const d of docs) set(`doc:${d}#read`, inRelation(`doc:${d}`, 'reader') || of(`doc:${d}`, 'parent').some((parent) => get(`${parent}#view`)))
    }
    for (const f of folders) holds.set(`folder:${f}#safe`, get(`folder:${f}#view`) && !inRelation(`folder:${f}`, 'banned'))
    for (const d of docs) {
      const parents = of(`doc:${d}`, 'parent')
      const teams = of(`doc:${d}`, 'team')
      const strict = get(`doc:${d}#read`) && parents.length > 0 && parents.every((parent) => get(`${parent}#view`))
      holds.set(`doc:${d}#strict`, strict)
      holds.set(`doc:${d}#clear`, strict && !inRelation(`doc:${d}`, 'reader'))
      holds.set(`doc:${d}#common`, teams.length > 0 && teams.every((team) => get(`${team}#member`)))
    }
    return holds
  }

  const questions = [
    ...groups.map((g) => [`group:${g}`, 'member']),
    ...folders.flatMap((f) => ['view', 'safe'].map((name) => [`folder:${f}`, name])),
    ...docs.flatMap((d) => ['read', 'strict', 'clear', 'common'].map((name) => [`doc:${d}`, name])),
  ] as [string, string][]

  /** Somebody may be named elsewhere only, and have the permission as one of everybody. */
  function expectSubjects(lines: readonly string[], tuples: MemoryTuples, object: string, name: string): void {
    const found = new Set(lookupSubjects(schema, tuples, ref(object), name, 'user', asked).found.map(({ of }) => subjectText(of)))
    for (const user of users) {
      const expected = oracle(lines, user).get(`${object}#${name}`) === true
      const named = found.has(`user:${user}`)
      if (named || expected) expect([expected, named || found.has('user:*')], `${object}#${name}@${user}`).toEqual([true, true])
    }
  }

  it('checks, in one layer and in two, and looks up the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(lineOf, { maxLength: 25 }), fc.integer({ min: 0, max: 25 }), (lines, cut) => {
        const tuples = tuplesOf(...lines)
        const two = layered(tuplesOf(...lines.slice(0, cut)), tuplesOf(...lines.slice(cut)))
        for (const user of users) {
          const truth = oracle(lines, user)
          for (const [object, name] of questions) {
            const expected = truth.get(`${object}#${name}`) === true ? 'yes' : 'no'
            const proof = check(schema, tuples, ref(object), name, ref(`user:${user}`))
            expect(answerOf(schema, proof, asked), `${object}#${name}@${user}`).toBe(expected)
            expect(answerOf(schema, check(schema, two, ref(object), name, ref(`user:${user}`)), asked)).toBe(expected)
            expect(pathOf(schema, proof, asked) !== undefined).toBe(expected === 'yes')
          }
          for (const name of ['read', 'strict', 'clear', 'common']) {
            const found = lookupResources(schema, tuples, 'doc', name, ref(`user:${user}`), asked).found.map(({ of }) => of.id)
            expect(found.sort()).toEqual(docs.filter((d) => truth.get(`doc:${d}#${name}`)))
          }
        }
        for (const [object, name] of questions) expectSubjects(lines, tuples, object, name)
      }),
      { numRuns: 100 },
    )
  })

  it('removes what was added', () => {
    fc.assert(
      fc.property(fc.uniqueArray(lineOf, { maxLength: 15 }), fc.uniqueArray(lineOf, { maxLength: 15 }), (kept, gone) => {
        const tuples = tuplesOf(...kept, ...gone)
        for (const line of gone) tuples.remove(edgeFrom(line))
        const left = kept.filter((line) => !gone.includes(line))
        expect([...tuples].map((edge) => relationshipText(edge as never)).sort()).toEqual([...left].sort())
        for (const [object, name] of questions) expect(may(tuples, object, name, 'user:ada')).toBe(may(tuplesOf(...left), object, name, 'user:ada'))
      }),
      { numRuns: 40 },
    )
  })
})

describe('an explanation', () => {
  const tuples = tuplesOf('doc:a#parent@folder:f', 'folder:f#viewer@group:g#member', 'group:g#member@user:ada')

  it('is the chain of relationships that grants', () => {
    const proof = check(schema, tuples, ref('doc:a'), 'read', ref('user:ada'))
    const path = pathOf(schema, proof, asked)?.map(({ edge }) => relationshipText(edge as never))
    expect(path).toEqual(['doc:a#parent@folder:f', 'folder:f#viewer@group:g#member', 'group:g#member@user:ada'])
  })

  it('answers "all who hold this" for itself', () => {
    expect(may(tuples, 'group:g', 'member', 'group:g#member')).toBe('yes')
    expect(may(tuples, 'doc:a', 'read', 'group:g#member')).toBe('yes')
    expect(may(tuples, 'doc:a', 'read', 'group:h#member')).toBe('no')
  })

  it('can be drawn as a tree, circles and all', () => {
    const tree = expand(schema, tuplesOf('group:a#member@group:b#member', 'group:b#member@group:a#member'), ref('group:a') as ObjectRef, 'member')
    expect(tree.parts[0]?.parts[0]).toMatchObject({ op: 'circle', label: 'group:a#member' })
  })
})
