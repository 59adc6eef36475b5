import type { Connector } from '@gatehouse/modules/custody/catalog/index'

export function duckdb(options: { readonly folder: string }): Connector<{ file: string }>
