/** Projects over a catalogue of uploaded tables, for tests of what projects see and link. */
import type { Id } from '@gatehouse/core/id'
import type { Principal } from '@gatehouse/runtime/base/context'
import type { Module } from '@gatehouse/runtime/door/module'
import type { SourceRecord } from '@gatehouse/tabular/value'
import { catalogModule } from '../../../custody/catalog/index.ts'
import { addSource } from '../../../custody/catalog/sources/add.ts'
import { changeTable } from '../../../custody/catalog/tables/change.ts'
import { listTables } from '../../../custody/catalog/tables/list.ts'
import { uploadTable } from '../../../custody/catalog/uploads/upload.ts'
import { consentsModule } from '../../../governance/consents/index.ts'
import { createProject } from '../../../governance/projects/create.ts'
import { beginProject } from '../../../governance/projects/life.ts'
import { addMember } from '../../../governance/projects/members.ts'
import { addSource as addProjectSource } from '../../../governance/projects/sources.ts'
import { projectsNode } from '../../../governance/projects/testing/projects.ts'
import { requestsModule } from '../../../governance/requests/index.ts'

export type CatalogueNode = Awaited<ReturnType<typeof catalogueNode>>

export async function catalogueNode(more: readonly Module[]) {
  const n = await projectsNode([consentsModule, requestsModule, catalogModule, ...more])
  const officer = n.t.principal({ roles: ['administrator', 'officer'] })

  const csvOf = (rows: readonly SourceRecord[]) => {
    const names = Object.keys(rows[0] ?? {})
    return `${[names.join(','), ...rows.map((row) => names.map((name) => row[name] ?? '').join(','))].join('\n')}\n`
  }
  /** @param columns what is said of columns besides what is proposed */
  async function table(source: string, name: string, rows: readonly SourceRecord[], columns: readonly object[] = [], terms: object = {}): Promise<string> {
    const { id } = await n.done<{ id: string }>(addSource, { slug: source, kind: 'file', title: source }, officer)
    async function* body() {
      yield Buffer.from(csvOf(rows))
    }
    await n.done(uploadTable, { source: id, name, body: body() }, officer)
    const { data } = await n.done<{ data: { id: string; reference: string }[] }>(listTables, { source: id }, officer)
    const [found] = data
    if (found === undefined) throw new Error('no table')
    await n.done(changeTable, { table: found.id, columns, ...terms }, officer)
    return found.reference
  }
  async function project(...tables: string[]): Promise<Id<'project'>> {
    const { id } = await n.done<{ id: Id<'project'> }>(createProject, n.terms(), officer)
    for (const reference of tables) await n.done(addProjectSource, { project: id, kind: 'table', reference }, officer)
    await n.done(beginProject, { project: id }, officer)
    return id
  }
  async function member(project: string, role = 'project_analyst'): Promise<Principal> {
    const who = await n.staff()
    await n.done(addMember, { project, kind: 'user', holder: who.id, role }, officer)
    return who
  }
  return { ...n, officer, table, project, member }
}
