/** A caveat: a condition with a name, compiled once and asked many times. */
import type { Absent, Frame } from './absent.ts'
import { type CaveatType, typeText, type Value, valueFrom } from './caveat-type.ts'
import { CelError, compileCel, unknown } from './cel.ts'
import { type CaveatSource, SchemaError } from './schema.ts'

export type Context = Readonly<Record<string, unknown>>

export type CaveatAnswer = 'yes' | 'no' | 'unknown'

export interface Caveat {
  readonly name: string
  readonly text: string
  readonly parameters: CaveatSource['parameters']
  readonly run: (frame: Frame) => Value | Absent
}

const parametersMax = 20

/** @throws SchemaError where it cannot be read, does not fit the types of its parameters or gives no bool */
export function compileCaveat({ name, line, parameters, text }: CaveatSource): Caveat {
  if (parameters.length > parametersMax) throw new SchemaError(line, `the caveat "${name}" has more than ${parametersMax} parameters`)
  if (new Set(parameters.map((parameter) => parameter.name)).size < parameters.length)
    throw new SchemaError(line, `two parameters of the caveat "${name}" share a name`)
  try {
    const { type, run } = compileCel(text, parameters)
    if (type.name !== 'bool' && type.name !== 'any') throw new CelError(`it gives ${typeText(type)}, and a caveat gives bool`)
    return { name, text, parameters, run }
  } catch (error) {
    if (error instanceof CelError) throw new SchemaError(line, `the caveat "${name}": ${error.message}`)
    throw error
  }
}

/** The values that a relationship fixes, in the places of the parameters; a hole where it fixes none. */
export type FixedValues = readonly (Value | undefined)[]

/** @returns what is wrong with a context that is to be kept with a relationship, or its values */
export function fixValues(caveat: Caveat, context: Context): { readonly values: FixedValues } | { readonly wrong: string } {
  const names = new Set(caveat.parameters.map(({ name }) => name))
  const strange = Object.keys(context).find((name) => !names.has(name))
  if (strange !== undefined) return { wrong: `"${strange}" is no parameter of the caveat "${caveat.name}"` }
  const values: (Value | undefined)[] = []
  for (const { name, type } of caveat.parameters) {
    if (!Object.hasOwn(context, name)) values.push(undefined)
    else {
      const value = valueFrom(type, context[name])
      if (value === undefined) return { wrong: `"${name}" must be ${typeText(type)}` }
      values.push(value)
    }
  }
  return { values }
}

/**
 * Asks a caveat. What the relationship fixed wins over what the check brings. `unknown` where a parameter is missing or of the
 * wrong type, where a step fails and where it takes too long: whoever asks must treat that as no grant.
 */
export function askCaveat(caveat: Caveat, fixed: FixedValues, context: Context): CaveatAnswer {
  const { parameters } = caveat
  const slots: (Value | Absent)[] = new Array(parameters.length)
  for (let at = 0; at < parameters.length; at++) {
    const own = fixed[at]
    if (own !== undefined) slots[at] = own
    else {
      const { name, type } = parameters[at] as { name: string; type: CaveatType }
      const value = Object.hasOwn(context, name) ? valueFrom(type, context[name]) : undefined
      slots[at] = value === undefined ? unknown : value
    }
  }
  const answer = caveat.run({ slots, steps: 0 })
  return answer === true ? 'yes' : answer === false ? 'no' : 'unknown'
}

/** The parameters that neither the relationship nor the check gives. */
export function missingFor(caveat: Caveat, fixed: FixedValues, context: Context): string[] {
  return caveat.parameters.filter(({ name }, at) => fixed[at] === undefined && !Object.hasOwn(context, name)).map(({ name }) => name)
}
