import type { Id } from '@gatehouse/core/id'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import type { z } from 'zod'
import { heldAmong } from '../retention/index.ts'
import { documentKey, openTitle } from './keys.ts'
import type { Received } from './receive.ts'
import type { DocumentView, receivedSchema } from './schema.ts'
import { type DocumentRow, type VersionRow, versionsOf } from './store.ts'

export function versionView({ document_id: _, salt: __, blob: ___, digest: ____, ...told }: VersionRow): DocumentView['versions'][number] {
  return told
}

type ReceivedView = z.output<typeof receivedSchema>

export function receivedView({ row, repeated }: Received): ReceivedView {
  return { ...versionView(row), document_id: row.document_id, repeated }
}

export function receivedFacts(_input: unknown, { document_id, version, bytes, media_type, repeated, scan }: ReceivedView): AuditFacts {
  return { object: { kind: 'document', id: document_id }, details: { version, bytes, media_type, repeated, scan } }
}

/** With titles opened and versions told. A title whose key is gone is a dash: the row is about to be erased. */
export async function viewsOf(tx: Tx, node: Node, tenant: Id<'tenant'>, rows: readonly DocumentRow[]): Promise<DocumentView[]> {
  const versions =
    rows.length === 0
      ? []
      : await versionsOf(
          tx,
          rows.map(({ id }) => id),
        )
  const held = await heldAmong(
    tx,
    rows.map(({ subject_id }) => subject_id),
  )
  return Promise.all(
    rows.map(async (row) => {
      const { dek_version: _, wrapped: __, title, ...told } = row
      const key = await documentKey(tx, node, tenant, row)
      return {
        ...told,
        title: (key === undefined ? undefined : openTitle(node, key, row.id, title)) ?? '–',
        held: held(row.subject_id),
        versions: versions.filter(({ document_id }) => document_id === row.id).map(versionView),
      }
    }),
  )
}
