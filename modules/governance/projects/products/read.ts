import { idSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { exampleId, inProduct, productSchema } from '../schema.ts'
import { productById } from '../store.ts'

export const readProduct = operation({
  name: 'projects.read_product',
  summary: 'Read a product',
  input: z.strictObject({ product: idSchema('product') }),
  output: productSchema,
  access: { action: 'read', on: inProduct },
  audit: { none: 'what the institution offers and for which purposes; nothing about a person concerned' },
  http: { method: 'GET', path: '/v1/products/:product' },
  example: { input: { product: exampleId } },
  problems: [doorProblems.not_found],
  run: async ({ tx }, { product }) => (await productById(tx, product)) ?? refuse(doorProblems.not_found),
})
