/** What an institution says of its beacon: who it is, what may be asked by which terms, and who is answered how. */
import { idSchema } from '@gatehouse/core/schema'
import { z } from 'zod'

export const limits = {
  termsMax: 200,
  valuesMax: 50,
  filtersMax: 16,
  /** Questions in a minute, all together, at each level. */
  questionsPerMinute: { PUBLIC: 30, REGISTERED: 120, CONTROLLED: 300 },
} as const

export const apiVersion = 'v2.0.0'
export const levels = ['PUBLIC', 'REGISTERED', 'CONTROLLED'] as const
export type Level = (typeof levels)[number]

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of text')
const table = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\.[a-z0-9][a-z0-9_-]{0,62}$/, 'a table of the catalogue, as source.table')
const column = z.string().min(1).max(200)
/** CURIE syntax, as the standard has it. */
const curie = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}:[A-Za-z0-9_.-]{1,60}$/, 'a CURIE, such as NCIT:C16576')

/** One way to ask: a term of an ontology that stands for values of a column, or a column whose values are compared. */
export const termSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ontology'),
    id: curie,
    label: line(200),
    table,
    column,
    /** Any of them: those of its narrower terms stand here too, where these are meant. */
    values: z
      .array(z.union([z.string().min(1).max(200), z.number(), z.boolean()]))
      .min(1)
      .max(limits.valuesMax),
  }),
  z.strictObject({
    kind: z.literal('alphanumeric'),
    id: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, 'letters, digits and "_", beginning with a letter'),
    label: line(200),
    table,
    column,
  }),
])
export type Term = z.output<typeof termSchema>

const granularity = z.enum(['none', 'boolean', 'count'])

export const beaconSetting = z.strictObject({
  enabled: z.boolean(),
  /** Usually a domain, reversed. */
  id: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+){1,8}$/, 'a domain reversed, such as org.example.beacon'),
  name: line(200),
  description: z.string().trim().max(2_000).default(''),
  organization: z.strictObject({ name: line(200), url: z.url({ protocol: /^https?$/ }).max(500) }),
  /** In whose name it asks: with the purpose, the tables, the floor and the objections of this project. */
  project: idSchema('project'),
  /** The table with one row, or several, for each individual. */
  individuals: table,
  /** The finest answer at each access level. */
  granularity: z.strictObject({ public: granularity.default('none'), registered: granularity.default('boolean'), controlled: granularity.default('count') }),
  questions_per_day: z.int().min(1).max(10_000).default(200).describe('Figures that may be told in a day; whether there are enough people at all is no figure'),
  terms: z.array(termSchema).max(limits.termsMax),
})
export type BeaconSetting = z.output<typeof beaconSetting>

export const exampleSetting = {
  enabled: true,
  id: 'org.example.hospital.beacon',
  name: 'Hospital beacon',
  organization: { name: 'Example Hospital', url: 'https://hospital.example.org' },
  project: '0198c1de-7b3a-7c4d-8e5f-000000000001',
  individuals: 'hospital.patients',
  granularity: { public: 'none' as const, registered: 'boolean' as const, controlled: 'count' as const },
  terms: [
    { kind: 'ontology' as const, id: 'NCIT:C16576', label: 'Female', table: 'hospital.patients', column: 'sex', values: ['F'] },
    { kind: 'alphanumeric' as const, id: 'yearOfBirth', label: 'Year of birth', table: 'hospital.patients', column: 'birth_year' },
  ],
}

/** The right of each level, as the setting has it. */
export const granularityAt = ({ granularity: { public: all, registered, controlled } }: BeaconSetting, level: Level) =>
  ({ PUBLIC: all, REGISTERED: registered, CONTROLLED: controlled })[level]
