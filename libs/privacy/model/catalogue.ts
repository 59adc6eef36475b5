/** Models as they stand in plan files and on the command line: JSON, named by `model`, to the model itself. */
import { z } from 'zod'
import { uniquenessEstimators } from '../risk/population-uniqueness.ts'
import { averageRisk } from './average-risk.ts'
import { basicBetaLikeness, enhancedBetaLikeness } from './beta-likeness.ts'
import { deltaDisclosure } from './delta-disclosure.ts'
import { deltaPresence } from './delta-presence.ts'
import { distinctLDiversity } from './distinct-l-diversity.ts'
import { entropyLDiversity } from './entropy-l-diversity.ts'
import { kAnonymity } from './k-anonymity.ts'
import { kMap } from './k-map.ts'
import { maximalRisk } from './maximal-risk.ts'
import { ModelError, type PrivacyModel } from './model.ts'
import { populationUniqueness } from './population-uniqueness.ts'
import { recursiveLDiversity } from './recursive-l-diversity.ts'
import { safePub } from './safe-pub.ts'
import { sampleUniqueness } from './sample-uniqueness.ts'
import { tCloseness } from './t-closeness.ts'

const attribute = z.string().min(1).describe('the sensitive column')
const number = z.number()

/** The members of each model; ranges are the models' own business, so that they stand once and say how to mend them. */
const members = {
  k_anonymity: { k: number },
  k_map: { k: number },
  distinct_l_diversity: { attribute, l: number },
  entropy_l_diversity: { attribute, l: number },
  recursive_l_diversity: { attribute, c: number, l: number },
  t_closeness: { attribute, t: number, distance: z.enum(['equal', 'ordered', 'hierarchical']), order: z.array(z.string()).optional() },
  delta_disclosure: { attribute, delta: number, absent_values: z.enum(['ignored', 'fail']).optional() },
  basic_beta_likeness: { attribute, beta: number },
  enhanced_beta_likeness: { attribute, beta: number },
  delta_presence: { min: number, max: number },
  average_risk: { threshold: number },
  maximal_risk: { threshold: number },
  sample_uniqueness: { threshold: number },
  population_uniqueness: { threshold: number, population_size: number, estimator: z.enum(uniquenessEstimators).optional() },
  safe_pub: { epsilon: number, delta: number },
} as const satisfies Record<string, z.ZodRawShape>

export type ModelKind = keyof typeof members

function spec<K extends ModelKind>(kind: K) {
  return z.strictObject({ model: z.literal(kind), ...(members[kind] as (typeof members)[K]) })
}

/** One model in a plan, such as `{ "model": "k_anonymity", "k": 5 }`. */
export const modelSpecSchema = z.discriminatedUnion('model', [
  spec('k_anonymity'),
  spec('k_map'),
  spec('distinct_l_diversity'),
  spec('entropy_l_diversity'),
  spec('recursive_l_diversity'),
  spec('t_closeness'),
  spec('delta_disclosure'),
  spec('basic_beta_likeness'),
  spec('enhanced_beta_likeness'),
  spec('delta_presence'),
  spec('average_risk'),
  spec('maximal_risk'),
  spec('sample_uniqueness'),
  spec('population_uniqueness'),
  spec('safe_pub'),
])

export type ModelSpec = z.infer<typeof modelSpecSchema>

export const modelKinds = Object.keys(members) as readonly ModelKind[]

/** @throws ModelError when a parameter is out of its range */
export function modelFrom(spec: ModelSpec): PrivacyModel {
  switch (spec.model) {
    case 'k_anonymity':
      return kAnonymity(spec.k)
    case 'k_map':
      return kMap(spec.k)
    case 'distinct_l_diversity':
      return distinctLDiversity(spec.attribute, spec.l)
    case 'entropy_l_diversity':
      return entropyLDiversity(spec.attribute, spec.l)
    case 'recursive_l_diversity':
      return recursiveLDiversity(spec.attribute, spec.c, spec.l)
    case 't_closeness':
      return tCloseness(spec.attribute, spec.t, spec.distance, spec.order)
    case 'delta_disclosure':
      return deltaDisclosure(spec.attribute, spec.delta, spec.absent_values)
    case 'basic_beta_likeness':
      return basicBetaLikeness(spec.attribute, spec.beta)
    case 'enhanced_beta_likeness':
      return enhancedBetaLikeness(spec.attribute, spec.beta)
    case 'delta_presence':
      return deltaPresence(spec.min, spec.max)
    case 'average_risk':
      return averageRisk(spec.threshold)
    case 'maximal_risk':
      return maximalRisk(spec.threshold)
    case 'sample_uniqueness':
      return sampleUniqueness(spec.threshold)
    case 'population_uniqueness':
      return populationUniqueness(spec.threshold, spec.population_size, spec.estimator)
    case 'safe_pub':
      return safePub(spec.epsilon, spec.delta)
  }
}

/**
 * Reads a list of models from JSON.
 *
 * @param at where the list stands, as a JSON pointer (RFC 6901), for the error
 * @throws ModelError that names the first fault: an unknown model or member, a missing one, a parameter out of range
 */
export function parseModels(json: unknown, at = ''): PrivacyModel[] {
  if (!Array.isArray(json) || json.length === 0)
    throw new ModelError(`${at || '/'}: give a list of at least one model, such as [{"model": "k_anonymity", "k": 5}]`)
  return json.map((item: unknown, index) => parseModel(item, `${at}/${index}`))
}

/** @throws ModelError as `parseModels` */
export function parseModel(json: unknown, at = ''): PrivacyModel {
  const kind = kindOf(json, at)
  const parsed = modelSpecSchema.safeParse(json)
  if (!parsed.success) throw new ModelError(faultOf(parsed.error.issues[0], kind, at))
  try {
    return modelFrom(parsed.data)
  } catch (error) {
    throw error instanceof ModelError ? new ModelError(`${at || '/'}: ${error.message}`, { cause: error }) : error
  }
}

/** What each model promises and takes, for help texts. */
export function describeModels(): { model: ModelKind; members: { name: string; optional: boolean }[]; example: ModelSpec }[] {
  return modelKinds.map((model) => ({
    model,
    members: Object.entries<z.ZodType>(members[model]).map(([name, schema]) => ({ name, optional: schema instanceof z.ZodOptional })),
    example: examples[model],
  }))
}

function kindOf(json: unknown, at: string): ModelKind {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new ModelError(`${at || '/'}: a model is an object such as {"model": "k_anonymity", "k": 5}`)
  const kind = (json as { model?: unknown }).model
  const known = modelKinds.find((name) => name === kind)
  if (known) return known
  const said = typeof kind === 'string' ? `no model is called "${kind}"` : 'name the model'
  throw new ModelError(`${at}/model: ${said}; use one of ${modelKinds.join(', ')}`)
}

function faultOf(issue: z.core.$ZodIssue | undefined, kind: ModelKind, at: string): string {
  const taken = Object.keys(members[kind]).join(', ')
  if (issue?.code === 'unrecognized_keys') return `${at}/${issue.keys[0] ?? ''}: ${kind} has no member "${issue.keys[0] ?? ''}"; it takes ${taken}`
  const place = [at, ...(issue?.path ?? [])].join('/')
  return `${place || '/'}: ${issue?.message ?? 'not valid'}; ${kind} takes ${taken}`
}

const examples: Record<ModelKind, ModelSpec> = {
  k_anonymity: { model: 'k_anonymity', k: 5 },
  k_map: { model: 'k_map', k: 5 },
  distinct_l_diversity: { model: 'distinct_l_diversity', attribute: 'diagnosis', l: 3 },
  entropy_l_diversity: { model: 'entropy_l_diversity', attribute: 'diagnosis', l: 3 },
  recursive_l_diversity: { model: 'recursive_l_diversity', attribute: 'diagnosis', c: 3, l: 2 },
  t_closeness: { model: 't_closeness', attribute: 'diagnosis', t: 0.2, distance: 'equal' },
  delta_disclosure: { model: 'delta_disclosure', attribute: 'diagnosis', delta: 1 },
  basic_beta_likeness: { model: 'basic_beta_likeness', attribute: 'diagnosis', beta: 1 },
  enhanced_beta_likeness: { model: 'enhanced_beta_likeness', attribute: 'diagnosis', beta: 1 },
  delta_presence: { model: 'delta_presence', min: 0, max: 0.3 },
  average_risk: { model: 'average_risk', threshold: 0.05 },
  maximal_risk: { model: 'maximal_risk', threshold: 0.2 },
  sample_uniqueness: { model: 'sample_uniqueness', threshold: 0.01 },
  population_uniqueness: { model: 'population_uniqueness', threshold: 0.01, population_size: 5_000_000, estimator: 'dankar' },
  safe_pub: { model: 'safe_pub', epsilon: 1, delta: 1e-6 },
}
