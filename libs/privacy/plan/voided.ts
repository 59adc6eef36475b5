/** Which models of a plan an operator leaves without meaning. */
import { type ModelSpec, modelFrom } from '../model/catalogue.ts'
import { operatorOf } from '../operator/catalogue.ts'
import type { ModelFamily, Role } from '../operator/operator.ts'
import type { Plan } from './schema.ts'

/** An operator of a plan with the columns it treats, in the order in which they run. */
export interface PlannedOperator {
  readonly columns: readonly string[]
  readonly spec: Plan['operators'][number]['apply']
  /** JSON pointer of the operator in the plan. */
  readonly pointer: string
}

export function plannedOperators({ columns, operators }: Pick<Plan, 'columns' | 'operators'>): PlannedOperator[] {
  const ofColumns = Object.entries(columns).flatMap(([name, column]) =>
    (column.operators ?? []).map((spec, index) => ({ columns: [name], spec, pointer: `/columns/${escaped(name)}/operators/${index}` })),
  )
  return [...ofColumns, ...operators.map(({ columns: named, apply }, index) => ({ columns: named, spec: apply, pointer: `/operators/${index}/apply` }))]
}

export interface VoidedModel {
  /** Index in the plan's models. */
  readonly model: number
  readonly family: ModelFamily
  readonly operator: PlannedOperator
  readonly column: string | undefined
}

export function voidedModels(plan: Plan): VoidedModel[] {
  return plannedOperators(plan).flatMap((operator) => {
    const { disclosure } = operatorOf(operator.spec.operator)
    const treated: { column: string | undefined; role: Role }[] =
      operator.columns.length === 0
        ? [{ column: undefined, role: 'insensitive' }]
        : operator.columns.map((column) => ({ column, role: plan.columns[column]?.role ?? 'insensitive' }))
    return treated.flatMap(({ column, role }) =>
      plan.models.flatMap((spec, model) => {
        const family = familyOf(spec)
        if (!disclosure.voids(role).includes(family)) return []
        // A sensitive column that no model looks at may be changed freely.
        if (family === 'distribution' && role === 'sensitive' && !modelFrom(spec).attributes.includes(column ?? '')) return []
        return [{ model, family, operator, column }]
      }),
    )
  })
}

export function familyOf({ model }: ModelSpec): ModelFamily {
  switch (model) {
    case 'k_anonymity':
    case 'average_risk':
    case 'maximal_risk':
    case 'sample_uniqueness':
      return 'class_size'
    case 'k_map':
    case 'delta_presence':
    case 'population_uniqueness':
      return 'population'
    case 'safe_pub':
      return 'differential_privacy'
    default:
      return 'distribution'
  }
}

export function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
