/** Invented patients and laboratory results, the same each time. */
/** One invented person for each number, in SQL; NHS numbers have their check digit, and those that would need an eleventh are missing. */
export const patientsSql = (rows: number) => `
CREATE TABLE patients AS
SELECT n AS id,
  CASE WHEN check_digit = 10 THEN NULL ELSE nine || check_digit END AS nhs_number,
  'Family ' || chr(97 + (h % 26)::int) || chr(97 + (h / 26 % 26)::int) || chr(97 + (h / 676 % 26)::int) AS family_name,
  'Given ' || chr(97 + (h / 7 % 26)::int) || chr(97 + (h / 182 % 26)::int) AS given_name,
  date '1930-01-01' + (h / 3 % 33000)::int AS date_of_birth,
  CASE WHEN h % 2 = 0 THEN 'female' ELSE 'male' END AS sex,
  (18 + h / 5 % 78)::int AS age,
  (ARRAY['York','Leeds','Hull','Ripon','Selby','Whitby','Skipton','Malton'])[1 + (h / 11 % 8)::int] AS town,
  'YO' || (1 + h / 13 % 90) AS district,
  (150 + h / 17 % 50)::int AS height_cm,
  round((45 + (h / 19 % 800) / 10.0)::numeric, 1)::float8 AS weight_kg,
  (ARRAY['asthma','gout','migraine','eczema','anaemia','diabetes','angina','none'])[1 + (h / 23 % 8)::int] AS diagnosis
FROM (
  SELECT n, nine, h, CASE WHEN c = 11 THEN 0 ELSE c END AS check_digit FROM (
    SELECT n, nine, h, 11 - (
      substr(nine,1,1)::int * 10 + substr(nine,2,1)::int * 9 + substr(nine,3,1)::int * 8 + substr(nine,4,1)::int * 7 + substr(nine,5,1)::int * 6 +
      substr(nine,6,1)::int * 5 + substr(nine,7,1)::int * 4 + substr(nine,8,1)::int * 3 + substr(nine,9,1)::int * 2) % 11 AS c
    FROM (SELECT n, (400000000 + n)::text AS nine, (n * 2654435761) % 1000000007 AS h FROM generate_series(1, ${rows}::bigint) n) numbered
  ) summed
) people;
ALTER TABLE patients ADD PRIMARY KEY (id);
ANALYZE patients`

export const patientColumns = [
  'id',
  'nhs_number',
  'family_name',
  'given_name',
  'date_of_birth',
  'sex',
  'age',
  'town',
  'district',
  'height_cm',
  'weight_kg',
  'diagnosis',
] as const

function nhsNumber(n: number): string {
  const nine = String(400_000_000 + n)
  const sum = [...nine].reduce((total, digit, at) => total + Number(digit) * (10 - at), 0)
  const check = 11 - (sum % 11)
  return check === 10 ? '' : nine + (check === 11 ? 0 : check)
}

/** A result of every fifth patient, as a CSV file made while it is read. */
export async function* labsCsv(patients: number): AsyncGenerator<Uint8Array, void, undefined> {
  let text = 'number,hba1c\n'
  for (let n = 5; n <= patients; n += 5) {
    text += `${nhsNumber(n)},${20 + (n % 100)}\n`
    if (text.length < 262_144) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

/** Every element and every column that people are told by: twelve columns of patients are read. */
export const benchPlan = {
  version: 1,
  form: 'anonymised',
  sources: [
    { as: 'patients', table: 'hospital.patients' },
    { as: 'labs', table: 'labs.results' },
  ],
  elements: [
    { name: 'sex', source: 'patients', column: 'sex', role: 'quasi', weight: 0.4 },
    { name: 'age', source: 'patients', column: 'age', role: 'quasi', hierarchy: { kind: 'interval', widths: [5, 10, 30] }, weight: 1 },
    { name: 'town', source: 'patients', column: 'town', role: 'quasi', weight: 0.8 },
    { name: 'district', source: 'patients', column: 'district', role: 'quasi', hierarchy: { kind: 'mask', from: 'right' }, weight: 0.3 },
    { name: 'born', source: 'patients', column: 'date_of_birth', role: 'quasi', hierarchy: { kind: 'date', spans: ['year', 'decade'] }, weight: 0.2 },
    { name: 'height', source: 'patients', column: 'height_cm', role: 'insensitive' },
    { name: 'weight', source: 'patients', column: 'weight_kg', role: 'insensitive' },
    { name: 'diagnosis', source: 'patients', column: 'diagnosis', role: 'sensitive' },
    { name: 'hba1c', source: 'labs', column: 'hba1c', role: 'insensitive', reduce: 'last' },
  ],
  linkage: {
    keys: [{ name: 'nhs', form: 'nhs_number', columns: { patients: 'nhs_number', labs: 'number' } }],
    method: { kind: 'deterministic', passes: [['nhs']] },
    keep: 'first',
  },
  treatment: { models: [{ model: 'k_anonymity', k: 5 }], suppression_limit: 0.02 },
  output: { title: 'Patients' },
} as const
