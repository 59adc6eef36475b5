/** Every type, meaning and sensitivity that a field can have. The API's own types hold the lists complete. */
import type { FieldType, Semantic, Sensitivity } from './draft.ts'

const typeTable: Readonly<Record<FieldType, true>> = { string: true, integer: true, number: true, boolean: true, date: true, instant: true }
export const fieldTypes = Object.keys(typeTable) as FieldType[]

const sensitivityTable: Readonly<Record<Sensitivity, true>> = { direct_identifier: true, quasi_identifier: true, sensitive: true, plain: true }
export const sensitivities = Object.keys(sensitivityTable) as Sensitivity[]

const semanticTable: Readonly<Record<Semantic, true>> = {
  account_number: true,
  address: true,
  age: true,
  amount: true,
  card_number: true,
  city: true,
  code: true,
  country: true,
  date_of_birth: true,
  diagnosis: true,
  email: true,
  ethnicity: true,
  event_date: true,
  family_name: true,
  free_text: true,
  full_name: true,
  given_name: true,
  identifier: true,
  ip_address: true,
  marital_status: true,
  measurement: true,
  national_health_number: true,
  national_identifier: true,
  occupation: true,
  phone: true,
  postcode: true,
  region: true,
  religion: true,
  sex: true,
}
export const semantics = Object.keys(semanticTable) as Semantic[]
