/** `catalogue.request` and `catalogue.answer`: what the project that a peer's people joined may see here, and nothing else of the catalogue. */
import type { Id } from '@gatehouse/core/id'
import { addSeconds } from '@gatehouse/core/instant'
import { messageKind } from '@gatehouse/runtime/door/message-kind'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { type CatalogTable, profilesOf, tableByReference } from '../../../../custody/catalog/index.ts'
import { send } from '../../../federation/index.ts'
import { settingsOf } from '../../budget/store.ts'
import { entryOf, viewerOf } from '../../discover/catalogue.ts'
import { inProject } from '../../schema.ts'
import { mayHere } from '../person.ts'
import { catalogueAnswerBody, catalogueRequestBody, type ForeignTable, limits } from '../schema.ts'
import { putForeignTables, setAnswered } from './store.ts'

export const catalogueRequest = 'catalogue.request'
export const catalogueAnswer = 'catalogue.answer'

export const answerCatalogue = messageKind({
  kind: catalogueRequest,
  versions: [1],
  body: catalogueRequestBody,
  acting: true,
  async run(ctx, { from, thread, person, project, body }) {
    const seen = person === undefined || project === undefined ? 'not_member' : await seenBy(ctx, person.user, project.id)
    const answer = typeof seen === 'string' ? { tables: [], refused: seen } : { tables: seen }
    const expiresAt = addSeconds(ctx.now, limits.catalogueHours * 3_600)
    const message = { to: from, kind: catalogueAnswer, thread, body: { project: body.project, ...answer }, expiresAt }
    await send(ctx.tx, ctx.node, ctx.tenant, message)
    return undefined
  },
})

/** What the person would see of the catalogue here, in the project that stands for theirs. */
async function seenBy(ctx: TransactionContext, person: Id<'user'>, project: Id<'project'>): Promise<ForeignTable[] | string> {
  const { node, tx, now } = ctx
  if (!(await mayHere(ctx, person, 'read', inProject('catalogue')({ project })))) return 'not_member'
  const viewer = await viewerOf(tx, node, project, now)
  if (viewer === undefined) return 'project_closed'
  const { floor } = await settingsOf(tx, project)
  const found = await Promise.all(
    [...viewer.admitted]
      .sort()
      .slice(0, limits.foreignTablesMax)
      .map((reference) => tableByReference(tx, reference)),
  )
  const admitted = found.filter((table) => table !== undefined && !table.gone) as CatalogTable[]
  const profiles = await profilesOf(tx, admitted)
  return admitted.map((table) => ({
    reference: table.reference,
    title: table.title,
    description: table.description,
    rows: entryOf(viewer, table, profiles.get(table.id)).rows,
    floor: Math.max(floor, table.floor),
    schema_version: table.schema_version,
    columns: table.columns.map(({ name, field, identifier_role, weight_hint, description }) => ({
      name,
      type: field.type,
      semantic: field.semantic ?? null,
      sensitivity: field.sensitivity,
      nullable: field.nullable,
      identifier_role,
      weight_hint: weight_hint ?? null,
      description: description ?? null,
    })),
  }))
}

export const hearCatalogue = messageKind({
  kind: catalogueAnswer,
  versions: [1],
  body: catalogueAnswerBody,
  async run({ tx, now }, { from, body: { project, tables, refused } }) {
    // Only what was asked is heard, once.
    if (await setAnswered(tx, project, from, now, refused)) await putForeignTables(tx, project, from, tables, now)
    return undefined
  },
})
