import { operation } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { exampleProject, linkageIn, tokenKeySchema, tokenKeysInput } from './schema.ts'
import { keyRows } from './store.ts'
import { viewsOf } from './view.ts'

export const listKeys = operation({
  name: 'linkage.list_keys',
  summary: 'List the keys of a project’s token space',
  description: 'Their versions and when each made and read tokens, newest first; never a key. The first is made when the first token is.',
  input: tokenKeysInput,
  output: z.strictObject({ data: z.array(tokenKeySchema) }),
  access: { action: 'read', on: linkageIn },
  audit: { none: 'it tells when keys were in force, and nothing of a person' },
  http: { method: 'GET', path: '/v1/projects/:project/token-keys' },
  example: { input: { project: exampleProject } },
  async run({ tx, now }, { project }) {
    return { data: viewsOf(await keyRows(tx, project), now) }
  },
})
