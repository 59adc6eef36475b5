/** What a token is made of: a named, versioned list of fields, each in its canonical form. A scheme never changes; a change is a new version. */
import type { z } from 'zod'
import { formSchema } from '../model/schema.ts'
import { canonicalVersion } from '../normalize/canonical.ts'
import { canonicalizer } from '../normalize/form.ts'
import { TokenError } from './error.ts'
import { checkedName } from './key.ts'

export interface SchemeField {
  readonly column: string
  readonly form: z.input<typeof formSchema>
  /** Takes the first so many characters of the canonical form, such as an initial; all where it is absent. */
  readonly first?: number
}

export interface Scheme {
  /** Stands in the token: `nhs-1`. */
  readonly id: string
  readonly fields: readonly SchemeField[]
}

/** @throws TokenError `bad_scheme` for one without fields, with a field twice, or with a prefix of no length */
export function defineScheme(id: string, fields: readonly SchemeField[]): Scheme {
  checkedName(id, 'a scheme id')
  if (fields.length === 0) throw new TokenError('bad_scheme', 'a scheme has at least one field')
  if (new Set(fields.map(({ column, first }) => `${column} ${first ?? ''}`)).size !== fields.length) {
    throw new TokenError('bad_scheme', 'a scheme names each field only once')
  }
  if (fields.some(({ first }) => first !== undefined && (!Number.isInteger(first) || first < 1))) {
    throw new TokenError('bad_scheme', 'the first so many characters of a field are at least one')
  }
  return { id, fields }
}

/** The forms a person's record is most often known by, for columns of these names. */
export const commonSchemes = {
  /** England's NHS number alone: exact, where it is known. */
  nhsNumber: (column = 'nhs_number') => defineScheme('nhs-1', [{ column, form: { form: 'nhs_number' } }]),
  namesAndBirth: ({ given = 'given_name', family = 'family_name', birth = 'date_of_birth', order = undefined as DateOrder } = {}) =>
    defineScheme('names-dob-1', [
      { column: given, form: { form: 'name' } },
      { column: family, form: { form: 'name' } },
      { column: birth, form: { form: 'date', ...(order === undefined ? {} : { order }) } },
    ]),
  initialBirthPostcode: ({
    given = 'given_name',
    family = 'family_name',
    birth = 'date_of_birth',
    postcode = 'postcode',
    order = undefined as DateOrder,
  } = {}) =>
    defineScheme('initial-dob-postcode-1', [
      { column: given, form: { form: 'name' }, first: 1 },
      { column: family, form: { form: 'name' } },
      { column: birth, form: { form: 'date', ...(order === undefined ? {} : { order }) } },
      { column: postcode, form: { form: 'postcode' } },
    ]),
}

/** The declared order of numbers in dates that are not ISO 8601. */
type DateOrder = z.input<typeof formSchema>['order']

/** The forms' version is part of what a token is made from. */
export const formsVersion = canonicalVersion

export type RecordFields = Readonly<Record<string, string | null | undefined>>

export type SchemeValues = { readonly values: readonly string[] } | { readonly values: undefined; readonly because: string }

/** The canonical fields of a record, or in words why there are none: an invalid field gives no token, never a token of junk. */
export function schemeReader(scheme: Scheme): (record: RecordFields) => SchemeValues {
  const readers = scheme.fields.map((field) => ({ ...field, canonicalize: canonicalizer(formSchema.parse(field.form)) }))
  return (record) => {
    const values: string[] = []
    for (const { column, first, canonicalize } of readers) {
      const raw = record[column]
      if (raw === null || raw === undefined) return { values: undefined, because: `${column} is missing` }
      const canonical = canonicalize(raw)
      if (canonical.value === undefined) return { values: undefined, because: `${column}: ${canonical.because}` }
      values.push(first === undefined ? canonical.value : [...canonical.value].slice(0, first).join(''))
    }
    return { values }
  }
}
