import { slugSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { openScope } from '../../access/index.ts'
import { projectsProblems } from '../problems.ts'
import { refusedPurpose } from '../purpose.ts'
import { limits, type Product, productSchema, productTerms } from '../schema.ts'
import { insertProduct, listProductRows } from '../store.ts'
import { announceProduct, factsOfProduct } from './change.ts'

export const createProduct = operation({
  name: 'projects.create_product',
  summary: 'Add a product',
  description: 'A product is a part of the institution with purposes of its own. Roles can be given for it alone.',
  input: productTerms.extend({ slug: slugSchema }),
  output: productSchema,
  access: { action: 'create', on: () => ({ type: 'product' }) },
  audit: (_input, product) => factsOfProduct(product),
  http: { method: 'POST', path: '/v1/products', status: 201 },
  example: { input: { slug: 'current-account', name: 'Current account', purposes: ['dpv:ServiceProvision'] } },
  problems: [projectsProblems.slug_taken, projectsProblems.products_full, projectsProblems.purpose_unknown],
  async run(ctx, input) {
    const refused = await refusedPurpose(ctx, input.purposes)
    if (refused !== undefined) return refused
    if ((await listProductRows(ctx.tx)).length >= limits.productsMax) return refuse(projectsProblems.products_full)
    const product: Product = { id: ctx.newId<'product'>(), ...input, revision: 1, created_at: ctx.now, ended_at: null }
    if (!(await insertProduct(ctx.tx, product))) return refuse(projectsProblems.slug_taken)
    await openScope(ctx, { kind: 'product', id: product.id }, null)
    announceProduct(ctx, product)
    return product
  },
})
