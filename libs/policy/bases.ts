/**
 * Legal bases in the words of the Data Privacy Vocabulary. Consent is asked exactly where the basis is consent; every other
 * basis names the law it rests on, which is shown to the person.
 */
export interface LegalBasis {
  readonly term: string
  readonly label: string
  /** True where the person's consent, and nothing else, carries the processing. */
  readonly consent: boolean
}

const consent = (term: string, label: string): LegalBasis => ({ term, label, consent: true })
const law = (term: string, label: string): LegalBasis => ({ term, label, consent: false })

export const legalBases: readonly LegalBasis[] = [
  consent('dpv:Consent', 'consent of the person'),
  law('dpv:Contract', 'a contract with the person'),
  law('dpv:ContractPerformance', 'performance of a contract with the person'),
  law('dpv:EnterIntoContract', 'steps before a contract with the person'),
  law('dpv:LegalObligation', 'a legal obligation'),
  law('dpv:LegitimateInterest', 'a legitimate interest'),
  law('dpv:LegitimateInterestOfController', 'a legitimate interest of the controller'),
  law('dpv:LegitimateInterestOfDataSubject', 'a legitimate interest of the person'),
  law('dpv:LegitimateInterestOfThirdParty', 'a legitimate interest of a third party'),
  law('dpv:OfficialAuthorityOfController', 'official authority of the controller'),
  law('dpv:PublicInterest', 'a task in the public interest'),
  law('dpv:VitalInterest', 'vital interests'),
  law('dpv:VitalInterestOfDataSubject', 'vital interests of the person'),
  law('dpv:VitalInterestOfNaturalPerson', 'vital interests of another person'),
  consent('eu-gdpr:A6-1-a', 'consent (GDPR Art. 6(1)(a))'),
  consent('eu-gdpr:A6-1-a-explicit-consent', 'explicit consent (GDPR Art. 6(1)(a))'),
  law('eu-gdpr:A6-1-b', 'a contract (GDPR Art. 6(1)(b))'),
  law('eu-gdpr:A6-1-b-contract-performance', 'performance of a contract (GDPR Art. 6(1)(b))'),
  law('eu-gdpr:A6-1-b-enter-into-contract', 'steps before a contract (GDPR Art. 6(1)(b))'),
  law('eu-gdpr:A6-1-c', 'a legal obligation (GDPR Art. 6(1)(c))'),
  law('eu-gdpr:A6-1-d', 'vital interests (GDPR Art. 6(1)(d))'),
  law('eu-gdpr:A6-1-e', 'public interest or official authority (GDPR Art. 6(1)(e))'),
  law('eu-gdpr:A6-1-f', 'a legitimate interest (GDPR Art. 6(1)(f))'),
  consent('eu-gdpr:A9-2-a', 'explicit consent to special categories (GDPR Art. 9(2)(a))'),
  law('eu-gdpr:A9-2-b', 'employment and social protection law (GDPR Art. 9(2)(b))'),
  law('eu-gdpr:A9-2-c', 'vital interests (GDPR Art. 9(2)(c))'),
  law('eu-gdpr:A9-2-d', 'legitimate activities of a not-for-profit body (GDPR Art. 9(2)(d))'),
  law('eu-gdpr:A9-2-e', 'data the person made public (GDPR Art. 9(2)(e))'),
  law('eu-gdpr:A9-2-f', 'legal claims and courts (GDPR Art. 9(2)(f))'),
  law('eu-gdpr:A9-2-g', 'substantial public interest (GDPR Art. 9(2)(g))'),
  law('eu-gdpr:A9-2-h', 'health or social care (GDPR Art. 9(2)(h))'),
  law('eu-gdpr:A9-2-i', 'public health (GDPR Art. 9(2)(i))'),
  law('eu-gdpr:A9-2-j', 'archiving, research or statistics (GDPR Art. 9(2)(j))'),
]

const byTerm = new Map(legalBases.map((basis) => [basis.term, basis]))

export function legalBasis(term: string): LegalBasis | undefined {
  return byTerm.get(term)
}

/** An unknown term counts as consent, the answer that asks the person. */
export function restsOnConsent(term: string): boolean {
  return byTerm.get(term)?.consent ?? true
}
