import { queryOptions } from '@tanstack/react-query'
import { type Answer, api, ask } from '../../../api.ts'
import { queryClient } from '../../../session.ts'

export type Product = Answer<'/v1/products'>['data'][number]

export const productsKey = ['products'] as const
const refresh = () => queryClient.invalidateQueries({ queryKey: productsKey })

/** @param all whether the reader may see all of them; otherwise only those in which they have a right */
export function productsQuery(all: boolean) {
  return queryOptions({
    queryKey: [...productsKey, all],
    queryFn: async ({ signal }) => (await ask(() => api.GET('/v1/products', { params: { query: { mine: all ? 'false' : 'true' } }, signal }))).data,
  })
}

interface Terms {
  readonly name: string
  readonly description: string
  readonly purposes: string[]
}

export async function createProduct(body: Terms & { slug: string }): Promise<void> {
  await ask(() => api.POST('/v1/products', { body }))
  await refresh()
}

export async function updateProduct({ id, revision }: Product, terms: Terms): Promise<void> {
  await ask(() => api.PATCH('/v1/products/{product}', { params: { path: { product: id } }, body: { ...terms, if_revision: revision } }))
  await refresh()
}

export async function endProduct(product: string): Promise<void> {
  await ask(() => api.POST('/v1/products/{product}/end', { params: { path: { product } } }))
  await refresh()
}

export interface Held {
  readonly role: string
  readonly kind: 'user' | 'team'
  readonly id: string
}

/** Who holds which role in the product and nowhere else. */
export function heldQuery(product: string) {
  return queryOptions({
    queryKey: [...productsKey, product, 'held'],
    queryFn: async ({ signal }): Promise<Held[]> => {
      const { roles } = await ask(() => api.GET('/v1/roles', { signal }))
      const given = roles.filter(({ given: may }) => may).map(({ id, name }) => id ?? name)
      const holders = await Promise.all(
        given.map((role) => ask(() => api.GET('/v1/roles/{role}/holders', { params: { path: { role: role as never } }, signal }))),
      )
      return holders.flatMap(({ data }, at) =>
        data.flatMap(({ kind, id, scope }) => (scope?.kind === 'product' && scope.id === product ? [{ role: given[at] ?? '', kind, id }] : [])),
      )
    },
  })
}

export async function giveIn(product: string, { role, kind, id }: Held): Promise<void> {
  await ask(() =>
    api.PUT('/v1/roles/{role}/holders/{to}/{id}', {
      params: { path: { role: role as never, to: kind, id } },
      body: { scope: { kind: 'product', id: product } },
    }),
  )
  await refresh()
}

export async function takeIn(product: string, { role, kind, id }: Held): Promise<void> {
  await ask(() =>
    api.DELETE('/v1/roles/{role}/holders/{to}/{id}', { params: { path: { role: role as never, to: kind, id }, query: { scope: `product/${product}` } } }),
  )
  await refresh()
}
