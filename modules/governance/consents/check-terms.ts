import type { Instant } from '@gatehouse/core/instant'
import { type FieldProblem, Problem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { findPartner, ownRecipients } from '../partners/index.ts'
import { purposeTree } from '../policies/index.ts'
import { consentsProblems } from './problems.ts'
import type { Terms } from './schema.ts'

/**
 * Looks up every purpose and recipient once, however many consents name it.
 * @param pointers the place of each consent in the request, as JSON pointer
 * @throws Problem `terms_refused` with the place of every fault
 */
export async function checkTerms(tx: Tx, node: Node, now: Instant, terms: readonly Terms[], pointers: readonly string[]): Promise<void> {
  const named = [...new Set(terms.flatMap(({ recipients, controller }) => [...recipients, ...(controller === undefined ? [] : [controller])]))].filter(
    (name) => name !== '*',
  )
  const [purposes, ...partners] = await Promise.all([purposeTree(node, tx), ...named.map((name) => findPartner(tx, name))])
  // Policies name partners by reference, so an id, which would be found too, is no recipient.
  const known = new Set(['*', ownRecipients.holder, ...partners.flatMap((partner) => (partner === undefined ? [] : [partner.reference]))])
  const errors = terms.flatMap((one, index): FieldProblem[] => {
    const at = pointers[index] ?? ''
    return [
      ...faults(one.purposes, (term) => purposes.has(term), `${at}/purposes`, 'there is no such purpose'),
      ...faults(one.recipients, (name) => known.has(name), `${at}/recipients`, 'no partner has this reference'),
      ...controllerFaults(one, known, at),
      ...periodFaults(one, now, at),
    ]
  })
  if (errors.length > 0) throw new Problem(consentsProblems.terms_refused, undefined, { errors: errors.slice(0, 100) })
}

function faults(names: readonly string[], isKnown: (name: string) => boolean, pointer: string, detail: string): FieldProblem[] {
  return names.flatMap((name, index) => (isKnown(name) ? [] : [{ pointer: `${pointer}/${index}`, detail }]))
}

function controllerFaults({ controller, recipients }: Terms, known: ReadonlySet<string>, at: string): FieldProblem[] {
  if (controller === undefined) return []
  if (!known.has(controller)) return [{ pointer: `${at}/controller`, detail: 'no partner has this reference' }]
  // It would cover nothing: a consent towards another controller counts for what that one receives.
  if (!recipients.includes('*') && !recipients.includes(controller))
    return [{ pointer: `${at}/controller`, detail: 'the controller is not among the recipients' }]
  return []
}

function periodFaults({ from, until }: Terms, now: Instant, at: string): FieldProblem[] {
  if (until === undefined) return []
  if (until <= now) return [{ pointer: `${at}/until`, detail: 'the end lies in the past' }]
  return until <= (from ?? now) ? [{ pointer: `${at}/until`, detail: 'the end lies before the beginning' }] : []
}
