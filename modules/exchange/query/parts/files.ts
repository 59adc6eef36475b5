import type { Id } from '@gatehouse/core/id'

/** What leaves with the parts of this node lies here until it has arrived. */
export const partsFolder = (tenant: Id<'tenant'>, run: string): string => `parts/${tenant}/${run}`
export const partFile = (tenant: Id<'tenant'>, run: string, source: string): string => `${partsFolder(tenant, run)}/${source}`
