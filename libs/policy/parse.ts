/** Reads a policy and refuses everything the engine could not evaluate, with the place and the way to mend it. */
import type { FieldProblem } from '@gatehouse/core/problem'
import { type Constraint, issueText, type Mask, type Policy, policySchema } from './document.ts'
import type { PurposeTree } from './purposes.ts'

/** Checks a mask of a field. Pointers in the answer start at the mask, so that "" is the mask itself. */
export type ValidateMask = (mask: Mask, at: { readonly recordType: string; readonly field: string }) => readonly FieldProblem[]

export interface ParseContext {
  readonly validateMask: ValidateMask
  readonly purposes: PurposeTree
}

export type ParseOutcome = { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly errors: readonly FieldProblem[] }

/** Bounds on any JSON before it is looked at in depth, so that a hostile document costs little. */
const depthMax = 24
const nodesMax = 50_000

export function parsePolicy(json: unknown, { validateMask, purposes }: ParseContext): ParseOutcome {
  if (!isWithinBounds(json)) {
    return { ok: false, errors: [{ pointer: '', detail: `a policy nests at most ${depthMax} deep and has at most ${nodesMax} values; split it` }] }
  }
  const read = policySchema.safeParse(json)
  if (!read.success) return { ok: false, errors: read.error.issues.map((issue) => ({ pointer: pointerOf(issue.path), detail: issueText(issue) })) }
  const policy = read.data
  const errors = [...repeatedUids(policy), ...unknownPurposes(policy, purposes), ...maskFaults(policy, validateMask)]
  return errors.length > 0 ? { ok: false, errors } : { ok: true, policy }
}

function isWithinBounds(json: unknown): boolean {
  let level: unknown[] = [json]
  let nodes = 0
  for (let depth = 0; level.length > 0; depth++) {
    nodes += level.length
    if (depth > depthMax || nodes > nodesMax) return false
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
  return true
}

/** JSON pointer (RFC 6901) of a path. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function repeatedUids(policy: Policy): FieldProblem[] {
  const seen = new Set<string>()
  const errors: FieldProblem[] = []
  for (const kind of ['permission', 'prohibition'] as const) {
    policy[kind].forEach((rule, index) => {
      if (seen.has(rule.uid))
        errors.push({ pointer: `/${kind}/${index}/uid`, detail: `the uid "${rule.uid}" names another rule already; a decision must name one rule` })
      seen.add(rule.uid)
    })
  }
  return errors
}

function unknownPurposes(policy: Policy, purposes: PurposeTree): FieldProblem[] {
  return (['permission', 'prohibition'] as const)
    .flatMap((kind) =>
      policy[kind].flatMap((rule, at) => [
        ...(rule.purpose ?? []).map((term, index) => ({ term, pointer: `/${kind}/${at}/purpose/${index}` })),
        ...(rule.constraint ?? []).flatMap((constraint, index) => purposesOf(constraint, `/${kind}/${at}/constraint/${index}`)),
      ]),
    )
    .filter(({ term }) => !purposes.has(term))
    .map(({ term, pointer }) => ({ pointer, detail: `the purpose "${term}" is not in the tree; add it under a known purpose first` }))
}

/** The purposes a constraint names, each with its place. */
function purposesOf(constraint: Constraint, pointer: string): { term: string; pointer: string }[] {
  if ('and' in constraint) return constraint.and.flatMap((member, index) => purposesOf(member, `${pointer}/and/${index}`))
  if ('or' in constraint) return constraint.or.flatMap((member, index) => purposesOf(member, `${pointer}/or/${index}`))
  if (constraint.leftOperand !== 'purpose') return []
  const { rightOperand } = constraint
  if (typeof rightOperand === 'string') return [{ term: rightOperand, pointer: `${pointer}/rightOperand` }]
  return rightOperand.map((term, index) => ({ term, pointer: `${pointer}/rightOperand/${index}` }))
}

function maskFaults(policy: Policy, validateMask: ValidateMask): FieldProblem[] {
  return policy.permission.flatMap((rule, at) =>
    Object.entries(rule.fields).flatMap(([field, mask]) =>
      validateMask(mask, { recordType: rule.target, field }).map(({ pointer, detail }) => ({
        pointer: pointerOf(['permission', at, 'fields', field]) + pointer,
        detail,
      })),
    ),
  )
}
