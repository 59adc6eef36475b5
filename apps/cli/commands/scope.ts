import type { paths } from '@gatehouse/sdk/generated/api'
import { InvalidArgumentError } from 'commander'

/** What a key or an application is limited to. */
export type KeyScope = NonNullable<paths['/v1/api-keys']['post']['requestBody']['content']['application/json']['scopes']>[number]

/** `release:write`, or `policy:read@project/0198…` for what belongs to one product or project. The node says which areas there are. */
export function keyScope(text: string, before: readonly KeyScope[] = []): KeyScope[] {
  const [, area, level, kind, id] = /^([a-z_]+):(read|write)(?:@(product|project)\/([0-9a-f-]{36}))?$/.exec(text) ?? []
  if (area === undefined) throw new InvalidArgumentError('Write area:read or area:write, such as release:write or policy:read@project/ID.')
  return [...before, { area, level, ...(kind === undefined ? {} : { scope: { kind, id } }) } as KeyScope]
}

export const scopeWords = (scopes: readonly KeyScope[]) =>
  scopes.map(({ area, level, scope }) => `${area}:${level}${scope === undefined ? '' : `@${scope.kind}/${scope.id}`}`).join(' ')
