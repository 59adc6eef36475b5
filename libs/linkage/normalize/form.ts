import type { Form } from '../model/schema.ts'
import type { Canonicalize } from './canonical.ts'
import { canonicalAddress, canonicalEmail, canonicalPhone, canonicalPostcode } from './contact.ts'
import { canonicalDate } from './date.ts'
import { canonicalName } from './name.ts'
import { canonicalClk, canonicalIdentifier, canonicalNhsNumber, canonicalNumber, canonicalSet, canonicalText, canonicalToken } from './number.ts'

/** The function for a form as a model names it. */
export function canonicalizer(form: Form): Canonicalize {
  switch (form.form) {
    case 'address':
      return canonicalAddress
    case 'clk':
      return canonicalClk
    case 'date':
      return canonicalDate(form.order)
    case 'email':
      return canonicalEmail
    case 'identifier':
      return canonicalIdentifier
    case 'name':
      return canonicalName
    case 'nhs_number':
      return canonicalNhsNumber
    case 'number':
      return canonicalNumber
    case 'phone':
      return canonicalPhone(form.callingCode)
    case 'postcode':
      return canonicalPostcode
    case 'set':
      return canonicalSet(form.separator)
    case 'text':
      return canonicalText
    case 'token':
      return canonicalToken
  }
}
