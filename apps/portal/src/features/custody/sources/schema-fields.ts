/** The fields of a form, from the JSON schema of an object. What a form cannot ask is left to JSON. */
import { isObject, type Path } from '../../../ui/json/document.ts'

export interface FieldOf {
  readonly path: Path
  readonly label: string
  readonly description: string | undefined
  readonly required: boolean
  readonly kind: 'text' | 'secret' | 'number' | 'boolean' | 'choice' | 'list' | 'json'
  readonly choices: readonly string[]
  readonly begins: unknown
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const spoken = (name: string) => name.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())

/** @param secret whether texts are not to be seen while they are typed */
export function fieldsOf(schema: unknown, secret = false, at: Path = []): readonly FieldOf[] {
  if (!isObject(schema) || !isObject(schema.properties)) return []
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).flatMap(([name, of]): readonly FieldOf[] => {
    const path = [...at, name]
    if (!isObject(of) || 'const' in of) return []
    if (of.type === 'object' && isObject(of.properties)) return fieldsOf(of, secret, path)
    const choices = Array.isArray(of.enum) ? of.enum.filter((one) => typeof one === 'string') : []
    return [
      {
        path,
        label: text(of.title) ?? spoken(name),
        description: text(of.description),
        // What has a default may be left out.
        required: required.includes(name) && of.default === undefined,
        kind: kindOf(of, name, secret),
        choices,
        begins: of.default,
      },
    ]
  })
}

/** Users and identifiers are no secrets, and are mistyped less where they can be seen. */
const open = /^(user|username|name|client_id|key_id|account|database)$/

function kindOf(of: Readonly<Record<string, unknown>>, name: string, secret: boolean): FieldOf['kind'] {
  if (Array.isArray(of.enum)) return 'choice'
  if (of.type === 'boolean') return 'boolean'
  if (of.type === 'integer' || of.type === 'number') return 'number'
  if (of.type === 'array' && isObject(of.items) && of.items.type === 'string') return 'list'
  if (of.type === 'string') return secret && !open.test(name) ? 'secret' : 'text'
  return 'json'
}

/** What stands in the form before anybody has typed. */
export function begunWith(fields: readonly FieldOf[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(fields.filter(({ path, begins }) => path.length === 1 && begins !== undefined).map(({ path, begins }) => [String(path[0]), begins]))
}

/** Where a value stands in a document. */
export const valueAt = (document: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, part) => (isObject(value) ? value[String(part)] : undefined), document)
