import type { Table, Upload } from '../schema.ts'
import type { TableRow, UploadRow } from '../store.ts'

export function tableView({ refers, ...row }: TableRow & { readonly reference: string }): Table {
  return {
    ...row,
    columns: [...row.columns],
    key: [...row.key],
    references: refers.map(({ columns, table, to }) => ({ columns: [...columns], table, to: [...to] })),
  }
}

export function uploadView({ file, digest: _, table_id: __, ...row }: UploadRow): Upload {
  return { ...row, kept: file !== null }
}
