import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { closeScope, standingOf } from '../../access/index.ts'
import { projectsProblems } from '../problems.ts'
import { exampleId, inProduct, type Product, productSchema } from '../schema.ts'
import { changeProduct } from '../store.ts'
import { announceProduct, changeableProduct, factsOfProduct } from './change.ts'

export const endProduct = operation({
  name: 'projects.end_product',
  summary: 'End a product',
  description: 'For good, and at once: what was given for it alone holds no more.',
  input: z.strictObject({ product: idSchema('product') }),
  output: productSchema,
  access: { action: 'delete', on: inProduct },
  audit: (_input, product) => factsOfProduct(product),
  stepUp: true,
  http: { method: 'POST', path: '/v1/products/:product/end' },
  example: { input: { product: exampleId } },
  problems: [doorProblems.not_found, projectsProblems.product_ended],
  async run(ctx, { product: id }) {
    const before = await changeableProduct(ctx, id)
    if (before instanceof Refusal) return before
    const product: Product = { ...before, ended_at: ctx.now, revision: before.revision + 1 }
    await changeProduct(ctx.tx, product)
    await closeScope(ctx, { kind: 'product', id })
    standingOf(ctx.node).forget(ctx.tenant)
    announceProduct(ctx, product)
    return product
  },
})
