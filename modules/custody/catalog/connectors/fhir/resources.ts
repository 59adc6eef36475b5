/** The columns of the resource types that most plans are about (FHIR R4). Other types are read by a sample of theirs. */
import type { Semantic } from '@gatehouse/tabular/field'
import type { As, Element, Step } from './element.ts'

interface More {
  readonly semantic?: Semantic
  readonly search?: string
}

const element = (column: string, as: As, paths: readonly (readonly Step[])[], more: More = {}): Element => ({ column, as, paths, ...more })
const text = (column: string, path: readonly Step[], more?: More) => element(column, 'text', [path], more)
const reference = (column: string, path: readonly Step[], more?: More) => element(column, 'reference', [[...path, 'reference']], more)

const id = text('id', ['id'], { semantic: 'identifier', search: '_id' })
const updated = element('meta.lastUpdated', 'instant', [['meta', 'lastUpdated']])
const subject = reference('subject.id', ['subject'], { semantic: 'identifier', search: 'patient' })
const encounter = reference('encounter.id', ['encounter'], { search: 'encounter' })
const status = text('status', ['status'], { semantic: 'code', search: 'status' })

/** A day, and where one is told the moment, of an element that may be a time or a period. */
const when = (column: string, members: readonly (readonly Step[])[], search?: string): Element[] => [
  element(`${column}.date`, 'date', members, { semantic: 'event_date', ...(search && { search }) }),
  element(`${column}.time`, 'instant', members, { semantic: 'event_date' }),
]

/** A CodeableConcept by its first coding, and its text. */
const concept = (column: string, path: readonly Step[], semantic: Semantic = 'code', search?: string): Element[] => [
  text(`${column}.code`, [...path, 'coding', 0, 'code'], { semantic, ...(search && { search }) }),
  text(`${column}.system`, [...path, 'coding', 0, 'system'], { semantic: 'code' }),
  element(
    `${column}.display`,
    'text',
    [
      [...path, 'coding', 0, 'display'],
      [...path, 'text'],
    ],
    { semantic },
  ),
]
const codeOnly = (column: string, path: readonly Step[], search?: string): Element =>
  text(column, [...path, 'coding', 0, 'code'], { semantic: 'code', ...(search && { search }) })

/** A part of an observation of several, by its LOINC code. */
const component = (column: string, loinc: string): Element =>
  element(column, 'number', [['component', { coded: loinc }, 'valueQuantity', 'value']], { semantic: 'measurement' })

const telecom = (system: string): readonly Step[] => ['telecom', { where: 'system', is: system }, 'value']

export const resourceColumns: Readonly<Record<string, readonly Element[]>> = {
  Patient: [
    id,
    text('identifier.value', ['identifier', 0, 'value'], { semantic: 'identifier' }),
    text('identifier.system', ['identifier', 0, 'system'], { semantic: 'code' }),
    element('active', 'boolean', [['active']], { search: 'active' }),
    text('name.family', ['name', 0, 'family'], { semantic: 'family_name' }),
    text('name.given', ['name', 0, 'given', 0], { semantic: 'given_name' }),
    text('gender', ['gender'], { semantic: 'sex', search: 'gender' }),
    element('birthDate', 'date', [['birthDate']], { semantic: 'date_of_birth', search: 'birthdate' }),
    element('birthDate.year', 'year', [['birthDate']], { semantic: 'date_of_birth' }),
    element('deceased', 'boolean', [['deceasedBoolean']]),
    element('deceased.date', 'date', [['deceasedDateTime']], { semantic: 'event_date' }),
    text('address.line', ['address', 0, 'line', 0], { semantic: 'address' }),
    text('address.city', ['address', 0, 'city'], { semantic: 'city' }),
    text('address.state', ['address', 0, 'state'], { semantic: 'region' }),
    text('address.postalCode', ['address', 0, 'postalCode'], { semantic: 'postcode' }),
    text('address.country', ['address', 0, 'country'], { semantic: 'country' }),
    text('telecom.phone', telecom('phone'), { semantic: 'phone' }),
    text('telecom.email', telecom('email'), { semantic: 'email' }),
    text('maritalStatus', ['maritalStatus', 'coding', 0, 'code'], { semantic: 'marital_status' }),
    reference('managingOrganization.id', ['managingOrganization']),
    updated,
  ],
  Observation: [
    id,
    status,
    codeOnly('category', ['category', 0], 'category'),
    ...concept('code', ['code'], 'code', 'code'),
    subject,
    encounter,
    ...when('effective', [['effectiveDateTime'], ['effectiveInstant'], ['effectivePeriod', 'start']], 'date'),
    element('value.number', 'number', [['valueQuantity', 'value'], ['valueInteger']], { semantic: 'measurement' }),
    element(
      'value.unit',
      'text',
      [
        ['valueQuantity', 'code'],
        ['valueQuantity', 'unit'],
      ],
      { semantic: 'code' },
    ),
    ...concept('value', ['valueCodeableConcept']),
    text('value.text', ['valueString'], { semantic: 'free_text' }),
    element('value.boolean', 'boolean', [['valueBoolean']]),
    component('systolic', '8480-6'),
    component('diastolic', '8462-4'),
    codeOnly('interpretation', ['interpretation', 0]),
    updated,
  ],
  Condition: [
    id,
    codeOnly('clinicalStatus', ['clinicalStatus'], 'clinical-status'),
    codeOnly('verificationStatus', ['verificationStatus'], 'verification-status'),
    codeOnly('category', ['category', 0], 'category'),
    codeOnly('severity', ['severity']),
    ...concept('code', ['code'], 'diagnosis', 'code'),
    subject,
    encounter,
    ...when('onset', [['onsetDateTime'], ['onsetPeriod', 'start']]),
    ...when('abatement', [['abatementDateTime'], ['abatementPeriod', 'end']]),
    element('recorded.date', 'date', [['recordedDate']], { semantic: 'event_date' }),
    updated,
  ],
  Encounter: [
    id,
    status,
    text('class', ['class', 'code'], { semantic: 'code' }),
    ...concept('type', ['type', 0]),
    subject,
    ...when('start', [['period', 'start']]),
    ...when('end', [['period', 'end']]),
    ...concept('reason', ['reasonCode', 0], 'diagnosis'),
    codeOnly('serviceType', ['serviceType']),
    codeOnly('dischargeDisposition', ['hospitalization', 'dischargeDisposition']),
    reference('serviceProvider.id', ['serviceProvider']),
    updated,
  ],
  MedicationRequest: [
    id,
    status,
    text('intent', ['intent'], { semantic: 'code', search: 'intent' }),
    ...concept('medication', ['medicationCodeableConcept'], 'code', 'code'),
    reference('medication.id', ['medicationReference']),
    subject,
    encounter,
    ...when('authoredOn', [['authoredOn']]),
    text('dosage.text', ['dosageInstruction', 0, 'text'], { semantic: 'free_text' }),
    element('dosage.value', 'number', [['dosageInstruction', 0, 'doseAndRate', 0, 'doseQuantity', 'value']], { semantic: 'measurement' }),
    text('dosage.unit', ['dosageInstruction', 0, 'doseAndRate', 0, 'doseQuantity', 'unit'], { semantic: 'code' }),
    updated,
  ],
  Procedure: [
    id,
    status,
    codeOnly('category', ['category']),
    ...concept('code', ['code'], 'code', 'code'),
    subject,
    encounter,
    ...when('performed', [['performedDateTime'], ['performedPeriod', 'start']], 'date'),
    codeOnly('outcome', ['outcome']),
    ...concept('reason', ['reasonCode', 0], 'diagnosis'),
    updated,
  ],
}
