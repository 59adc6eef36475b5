import { idSchema } from '@gatehouse/core/schema'
import { operation, Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { termsDigest } from '../change.ts'
import { projectsProblems } from '../problems.ts'
import { refusedPurpose } from '../purpose.ts'
import { exampleId, inProduct, type Product, productSchema, productTerms } from '../schema.ts'
import { changeProduct } from '../store.ts'
import { announceProduct, changeableProduct, factsOfProduct } from './change.ts'

const { name, description, purposes } = productTerms.shape

export const updateProduct = operation({
  name: 'projects.update_product',
  summary: 'Change a product',
  description: 'With `if_revision` only what you have seen is changed. The entry in the ledger holds the digests before and after.',
  input: z
    .strictObject({
      product: idSchema('product'),
      name: name.optional(),
      description: description.unwrap().optional(),
      purposes: purposes.optional(),
      if_revision: z.int().min(1).optional(),
    })
    .refine(({ name, description, purposes }) => [name, description, purposes].some((one) => one !== undefined), 'send what is to change'),
  output: productSchema,
  access: { action: 'update', on: inProduct },
  audit: (_input, product) => factsOfProduct(product),
  stepUp: true,
  http: { method: 'PATCH', path: '/v1/products/:product' },
  example: { input: { product: exampleId, name: 'Current account for students' } },
  problems: [doorProblems.not_found, doorProblems.conflict, projectsProblems.product_ended, projectsProblems.purpose_unknown],
  async run(ctx, { product: id, if_revision, ...changes }) {
    const before = await changeableProduct(ctx, id)
    if (before instanceof Refusal) return before
    if (if_revision !== undefined && if_revision !== before.revision)
      return refuse(doorProblems.conflict, `the product is at revision ${before.revision}, and the change is for ${if_revision}`)
    const refused = await refusedPurpose(ctx, changes.purposes ?? [])
    if (refused !== undefined) return refused
    const product: Product = { ...before, ...changes, revision: before.revision + 1 }
    await changeProduct(ctx.tx, product)
    ctx.describe({ details: { changed: Object.keys(changes), before: termsDigest(ctx, termsOf(before)), after: termsDigest(ctx, termsOf(product)) } })
    announceProduct(ctx, product)
    return product
  },
})

const termsOf = ({ name, description, purposes }: Product) => ({ name, description, purposes })
