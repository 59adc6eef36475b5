/** Records about nobody, to try a policy on. */

export type SampleValue = string | number | boolean | null
export type SampleRecord = Readonly<Record<string, SampleValue>>

export interface SampleField {
  readonly name: string
  /** As the record type says; guessed from the name where it is not known. */
  readonly type?: string
}

const names = ['Ada Example', 'Ben Sample', 'Chika Muster', 'Dora Ejemplo', 'Emre Vorbild', 'Fatou Prueba']
const cities = ['Bristol', 'Graz', 'Sevilla', 'Turku', 'Gdansk', 'Lyon']

const guesses: readonly (readonly [RegExp, (at: number) => SampleValue])[] = [
  [/e?mail/, (at) => `${(names[at % names.length] ?? '').split(' ')[0]?.toLowerCase() ?? 'ada'}@example.org`],
  [/phone|mobile/, (at) => `+44 20 7946 0${String(100 + at * 7)}`],
  [/family|last_name|surname/, (at) => (names[at % names.length] ?? '').split(' ')[1] ?? 'Example'],
  [/given|first_name/, (at) => (names[at % names.length] ?? '').split(' ')[0] ?? 'Ada'],
  [/name/, (at) => names[at % names.length] ?? 'Ada Example'],
  [/birth|born|date|_on$|_at$/, (at) => dayOf(at)],
  [/income|salary|amount|balance|price/, (at) => 41_250 + at * 7_310],
  [/age$/, (at) => 27 + at * 9],
  [/postcode|zip/, (at) => String(10_115 + at * 713)],
  [/city|town/, (at) => cities[at % cities.length] ?? 'Graz'],
  [/country/, () => 'ES'],
  [/iban|account/, (at) => `DE02 1203 0000 0000 20${String(20 + at)} 51`],
  [/number|id$|code/, (at) => `AB-${String(12_345_678 + at * 1_111)}`],
]

const dayOf = (at: number) => `19${String(62 + at * 7)}-0${String(1 + (at % 9))}-1${String(at % 9)}`

const byType: Readonly<Record<string, (at: number) => SampleValue>> = {
  integer: (at) => 12 + at * 31,
  number: (at) => 12.5 + at * 31,
  boolean: (at) => at % 2 === 0,
  date: dayOf,
  instant: (at) => `${dayOf(at)}T09:30:00Z`,
}

/** The record of that number: the same number invents the same record. */
export function invent(fields: readonly SampleField[], number: number): SampleRecord {
  return Object.fromEntries(fields.map((field) => [field.name, inventValue(field, number)]))
}

function inventValue({ name, type }: SampleField, number: number): SampleValue {
  const at = number % names.length
  const guess = guesses.find(([form]) => form.test(name.toLowerCase()))?.[1](at)
  if (type === undefined) return guess ?? 'text'
  if (type === 'string') return guess === undefined ? 'text' : String(guess)
  // A guess by name holds only where it is of the type.
  const typed = byType[type]?.(at) ?? 'text'
  return guess !== undefined && typeof guess === typeof typed && type !== 'date' && type !== 'instant' ? guess : typed
}

/** What was typed, as the value that was meant; `undefined` where it is none of the type. */
export function readValue(text: string, before: SampleValue): SampleValue | undefined {
  if (typeof before === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined
  if (typeof before !== 'number') return text
  const number = Number(text)
  return text.trim() === '' || Number.isNaN(number) ? undefined : number
}
