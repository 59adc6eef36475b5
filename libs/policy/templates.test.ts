import { validateMask } from '@gatehouse/privacy/mask/spec'
import { describe, expect, it } from 'vitest'
import { parsePolicy } from './parse.ts'
import { policyFromTemplate, policyTemplates, type TemplateField } from './templates.ts'
import { purposes } from './testing/policies.ts'

describe('a template', () => {
  const types = ['string', 'integer', 'number', 'boolean', 'date', 'instant'] as const
  const fields = (['plain', 'quasi_identifier', 'direct_identifier', 'sensitive'] as const).flatMap((sensitivity) =>
    types.map((type): TemplateField => ({ name: `${sensitivity}_${type}`, type, sensitivity })),
  )
  const typeOf = new Map(fields.map(({ name, type }) => [name, type]))
  const choice = { uid: 'p1', assignee: 'bank-one', recordType: { slug: 'loan_file', fields } }

  it.each(policyTemplates.map((template) => [template.name, template] as const))('%s is a policy whose masks treat their fields', (_, template) => {
    const read = parsePolicy(policyFromTemplate(template, choice), { purposes, validateMask: (mask, { field }) => validateMask(mask, typeOf.get(field)) })
    expect(read).toMatchObject({ ok: true })
  })

  it('that would give nothing is no policy', () => {
    const marketing = policyTemplates.find(({ name }) => name === 'marketing_with_consent')!
    expect(
      policyFromTemplate(marketing, { ...choice, recordType: { slug: 'x', fields: fields.filter(({ sensitivity }) => sensitivity === 'sensitive') } }),
    ).toBeUndefined()
  })
})
