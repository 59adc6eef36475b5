import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { inProduct, type Product, productSchema } from '../schema.ts'
import { listProductRows } from '../store.ts'

export const listProducts = operation({
  name: 'projects.products',
  summary: 'List the products',
  description: 'With `mine=true` those that one has a right in; all of them takes the right to see all.',
  input: z.strictObject({ mine: z.enum(['true', 'false']).default('false') }),
  output: z.strictObject({ data: z.array(productSchema) }),
  access: { action: 'read', on: ({ mine }, { id }) => ({ type: 'product', ...(mine === 'true' ? { owner: id } : {}) }) },
  audit: { none: 'what the institution offers and for which purposes; nothing about a person concerned' },
  http: { method: 'GET', path: '/v1/products' },
  example: { input: {} },
  async run(ctx, { mine }) {
    const all = await listProductRows(ctx.tx)
    if (mine === 'false') return { data: all }
    const data: Product[] = []
    for (const product of all) if (await ctx.may('read', inProduct({ product: product.id }))) data.push(product)
    return { data }
  },
})
