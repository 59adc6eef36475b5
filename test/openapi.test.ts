import { expect, it } from 'vitest'
import { apiInfo } from '../apps/server/info.ts'
import { operations } from '../apps/server/modules.ts'
import { openApi } from '../runtime/edge/openapi.ts'
import { expectCommitted } from './committed.ts'

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: unknown }[]
  readonly responses: Readonly<Record<string, { readonly description: string }>>
}

const document = JSON.parse(JSON.stringify(openApi(operations, apiInfo))) as {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: { readonly schemas: object; readonly securitySchemes: object }
}
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
)

it('every operation with an address is described there, under its name and once', () => {
  const promised = operations.flatMap(({ name, http }) =>
    http === undefined
      ? []
      : [
          `${http.method.toLowerCase()} ${http.path.replaceAll(/[:*]([a-z_]+)/g, '{$1}')} ${name}`,
          ...(http.aliases ?? []).map((alias) => `${http.method.toLowerCase()} ${alias.replaceAll(/:([a-z_]+)/g, '{$1}')} ${name}.unversioned`),
        ],
  )
  expect(described.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`).sort()).toEqual(promised.sort())
  expect(new Set(described.map(({ operationId }) => operationId)).size).toBe(described.length)
})

it.each(described)(
  '$method $path is whole: parameters of its path, a summary, and an answer for success and failure',
  ({ path, summary, parameters = [], responses }) => {
    const inPath = [...path.matchAll(/\{([a-z_]+)\}/g)].map(([, name]) => name)
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name, required }) => `${name} ${required}`)).toEqual(
      inPath.map((name) => `${name} true`),
    )
    for (const { schema } of parameters) expect(schema).toBeTypeOf('object')
    expect(summary.length).toBeGreaterThan(3)
    expect(Object.keys(responses).some((status) => /^(2|303$)/.test(status))).toBe(true)
    expect(responses).toHaveProperty('400')
    for (const { description } of Object.values(responses)) expect(description.length).toBeGreaterThan(0)
  },
)

it('it is OpenAPI 3.1, and every reference leads somewhere', () => {
  expect(document.openapi).toBe('3.1.0')
  const text = JSON.stringify(document)
  const references = new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path))
  for (const path of references) {
    const target = path.split('/').reduce<unknown>((place, name) => (place as Record<string, unknown> | undefined)?.[name], document)
    expect(target, path).toBeDefined()
  }
  expect(references.size).toBeGreaterThan(0)
  // OpenAPI 3.0's word for what is a type in 3.1.
  expect(/"nullable":(true|false)/.test(text)).toBe(false)
})

it('an example fits the input it is an example of', () => {
  const unfit = operations.filter(({ input, example }) => example !== undefined && !input.safeParse(example.input).success)
  expect(unfit.map(({ name }) => name)).toEqual([])
})

it('the committed description is the description', () => {
  expectCommitted('openapi/gatehouse.json', `${JSON.stringify(openApi(operations, apiInfo), null, 2)}\n`)
})
