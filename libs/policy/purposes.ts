/**
 * Purposes as a tree (a term may have several broader ones): the built-in terms of the Data Privacy Vocabulary, and under
 * them the institution's own leaves. A grant for a purpose covers the narrower purposes and never the broader ones.
 */
import type { FieldProblem } from '@gatehouse/core/problem'
import { dpvPurposeLines } from './purposes-dpv.ts'

/** A purpose the institution names itself: a slug under a term of the vocabulary or under another of its own. */
export interface OwnPurpose {
  readonly slug: string
  readonly parent: string
  readonly label?: string
}

export interface Purpose {
  readonly term: string
  readonly label: string
  readonly parents: readonly string[]
}

export interface PurposeTree {
  has(term: string): boolean
  get(term: string): Purpose | undefined
  /** True when `term` is `ancestor` or narrower. False for terms the tree does not know. */
  isA(term: string, ancestor: string): boolean
  /** True when one of the two is the other or narrower, so that acting for one may be acting for the other. */
  overlaps(left: string, right: string): boolean
  /** Every purpose, the vocabulary's first. */
  all(): readonly Purpose[]
}

export const rootPurpose = 'dpv:Purpose'

/** Why the institution's own leaves could not be hung into the tree. */
export class PurposeTreeError extends Error {
  readonly errors: readonly FieldProblem[]
  constructor(errors: readonly FieldProblem[]) {
    super(errors.map((error) => `${error.pointer}: ${error.detail}`).join('; '))
    this.name = 'PurposeTreeError'
    this.errors = errors
  }
}

const builtIn = readBuiltIn()

/**
 * The tree with the institution's own leaves. A leaf whose parent is unknown stands alone: only a grant that names it covers it.
 * @throws PurposeTreeError for a slug used twice, a slug that hides a term of the vocabulary, or a circle
 */
export function purposeTree(own: readonly OwnPurpose[] = []): PurposeTree {
  const purposes = new Map(builtIn)
  const errors: FieldProblem[] = []
  const slugs = new Set(own.map((purpose) => purpose.slug))
  own.forEach((purpose, index) => {
    if (purposes.has(purpose.slug)) errors.push({ pointer: `/${index}/slug`, detail: `the purpose "${purpose.slug}" exists already; choose another name` })
    else {
      const known = builtIn.has(purpose.parent) || slugs.has(purpose.parent)
      purposes.set(purpose.slug, { term: purpose.slug, label: purpose.label ?? labelOf(purpose.slug), parents: known ? [purpose.parent] : [] })
    }
  })
  const ancestors = new Map<string, ReadonlySet<string>>()
  for (const term of purposes.keys()) ancestors.set(term, ancestorsOf(term, purposes))
  own.forEach((purpose, index) => {
    const circle = purposes.get(purpose.slug)?.parents.some((parent) => ancestors.get(parent)?.has(purpose.slug))
    if (circle)
      errors.push({ pointer: `/${index}/parent`, detail: `the purpose "${purpose.slug}" would stand under itself; choose a parent outside the circle` })
  })
  if (errors.length > 0) throw new PurposeTreeError(errors)
  const isA = (term: string, ancestor: string) => ancestors.get(term)?.has(ancestor) ?? false
  return {
    has: (term) => purposes.has(term),
    get: (term) => purposes.get(term),
    isA,
    overlaps: (left, right) => isA(left, right) || isA(right, left),
    all: () => [...purposes.values()],
  }
}

/** The term itself and everything broader. Visits each term once, so a circle ends too. */
function ancestorsOf(term: string, purposes: ReadonlyMap<string, Purpose>): ReadonlySet<string> {
  const found = new Set<string>([term])
  for (const name of found) for (const parent of purposes.get(name)?.parents ?? []) found.add(parent)
  return found
}

function readBuiltIn(): ReadonlyMap<string, Purpose> {
  const parents = new Map<string, string[]>([[rootPurpose, []]])
  for (const [vocabulary, lines] of Object.entries(dpvPurposeLines)) {
    for (const line of lines.trim().split('\n')) {
      const [parent = '', narrower = ''] = line.split(': ')
      for (const name of narrower.split(' ')) {
        const term = `${vocabulary}:${name}`
        parents.set(term, [...(parents.get(term) ?? []), parent])
      }
    }
  }
  return new Map([...parents].map(([term, broader]) => [term, { term, label: labelOf(term), parents: broader }]))
}

/** Reads a label from the term: `dpv:LegalCompliance` → "Legal Compliance", `loan_application` → "Loan application". */
export function labelOf(term: string): string {
  const name = term.slice(term.indexOf(':') + 1)
  const words = name.replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2').replaceAll(/[_-]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
