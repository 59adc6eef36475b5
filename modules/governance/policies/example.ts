/** The document that the reference shows; `docs/how-to/write-a-policy.md` explains it line by line. */
import { profileIri } from '@gatehouse/policy/document'

export const exampleDocument = {
  uid: 'harbour-bank-loans',
  type: 'Set',
  profile: profileIri,
  title: 'Loans at Harbour Bank',
  assignee: 'harbour-bank',
  permission: [
    {
      uid: 'decide-on-loan',
      action: 'release',
      target: 'employee',
      purpose: ['sector-finance:LoanServiceProvision'],
      legal_basis: { basis: 'eu-gdpr:A6-1-b-enter-into-contract', law: 'The application for a loan' },
      fields: { full_name: { mask: 'keep' }, national_id: { mask: 'last_n', n: 4 }, annual_salary: { mask: 'number_round', to: 1000 } },
      constraint: [{ leftOperand: 'count', operator: 'lteq', rightOperand: 3, window: 'P30D', per: 'subject' }],
      duty: [{ action: 'log' }, { action: 'delete', after: 'P90D' }],
      token_ttl_max_seconds: 300,
    },
  ],
}
