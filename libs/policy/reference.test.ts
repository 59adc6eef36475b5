import { readFileSync } from 'node:fs'
import { validateMask } from '@gatehouse/privacy/mask/spec'
import { expect, it } from 'vitest'
import { actionNames } from './actions.ts'
import { legalBases } from './bases.ts'
import { operandOperators } from './document.ts'
import { parsePolicy } from './parse.ts'
import { reasonCodes } from './reasons.ts'
import { purposes } from './testing/policies.ts'

const page = readFileSync(new URL('../../docs/reference/policy.md', import.meta.url), 'utf8')

it('the examples of the reference are policies', () => {
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, example]) => example ?? '')
  expect(examples).toHaveLength(2)
  for (const example of examples) expect(parsePolicy(JSON.parse(example), { purposes, validateMask: (mask) => validateMask(mask) })).toMatchObject({ ok: true })
})

it('the reference names every action, operand, operator, legal basis and reason', () => {
  for (const [operand, operators] of operandOperators)
    expect(page).toContain(`| \`${operand}\` | ${operators.map((operator) => `\`${operator}\``).join(' ')} |`)
  for (const name of [...actionNames, ...legalBases.map((basis) => basis.term)]) expect(page).toContain(`\`${name}\``)
  for (const [code, { partner, text }] of Object.entries(reasonCodes)) expect(page).toContain(`| \`${code}\` | \`${partner}\` | ${text} |`)
})
