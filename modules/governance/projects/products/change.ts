import type { Id } from '@gatehouse/core/id'
import { type Refusal, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { projectsProblems } from '../problems.ts'
import type { Product } from '../schema.ts'
import { productById } from '../store.ts'

export const factsOfProduct = ({ id }: Pick<Product, 'id'>) => ({ object: { kind: 'product', id } })

/** The product, held until the act ends, or the refusal where there is none or it has ended. */
export async function changeableProduct(ctx: TransactionContext, id: Id<'product'>): Promise<Product | Refusal> {
  const product = await productById(ctx.tx, id, true)
  if (product === undefined) return refuse(doorProblems.not_found)
  return product.ended_at === null ? product : refuse(projectsProblems.product_ended, undefined, factsOfProduct(product))
}

export function announceProduct(ctx: TransactionContext, { id, ended_at }: Product): void {
  ctx.publish({ type: 'projects.product_changed', subject: id, data: { product: id, ended: ended_at !== null } })
}
