/** Teams: who works together. What a team may do is said by others, who know it by its id. */
import { Problem } from '@gatehouse/core/problem'
import { idSchema, instantSchema, pageQuery, pageSchema } from '@gatehouse/core/schema'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { pageOf } from '../page.ts'
import { problems } from '../problems.ts'
import { limits } from '../schema.ts'
import { deleteTeamRow, insertTeam, listTeamRows, setMembers, teamById } from './store.ts'

const teamName = z.string().trim().min(1).max(100)
const members = z.array(idSchema('user')).max(limits.membersPerTeam)
const teamSchema = z.strictObject({
  id: idSchema('team'),
  name: z.string(),
  /** The id in the directory that keeps the team, where one does. */
  external_id: z.string().nullable(),
  created_at: instantSchema,
  members: z.array(idSchema('user')),
})

export const createTeam = operation({
  name: 'identity.create_team',
  summary: 'Make a team of people of the staff',
  input: z.strictObject({ name: teamName, external_id: z.string().min(1).max(200).optional(), members: members.default([]) }),
  output: teamSchema,
  access: { action: 'create', on: () => ({ type: 'team' }) },
  audit: (_input, team) => ({ object: { kind: 'team', id: team.id }, details: { members: team.members.length } }),
  http: { method: 'POST', path: '/v1/teams', status: 201 },
  example: { input: { name: 'Data protection' } },
  problems: [problems.team_taken],
  async run({ tx, tenant, now, newId }, { name, external_id = null, members: users }) {
    const team = { id: newId<'team'>(), name, external_id, created_at: now }
    if (!(await insertTeam(tx, tenant, team))) return refuse(problems.team_taken)
    await setMembers(tx, tenant, { id: team.id, members: [] }, users)
    return (await teamById(tx, tenant, team.id)) ?? refuse(doorProblems.not_found)
  },
})

export const listTeams = operation({
  name: 'identity.teams',
  summary: 'List the teams',
  input: z.strictObject(pageQuery),
  output: pageSchema(teamSchema),
  access: { action: 'read', on: () => ({ type: 'team' }) },
  audit: { none: 'It tells ids of people and names of teams.' },
  http: { method: 'GET', path: '/v1/teams' },
  example: { input: {} },
  async run({ tx, tenant }, { cursor, limit }) {
    return pageOf(limit, cursor, (after, count) => listTeamRows(tx, tenant, after, count))
  },
})

export const changeTeam = operation({
  name: 'identity.change_team',
  summary: 'Say anew who is in a team',
  description: 'Whoever is not of the staff stays out.',
  input: z.strictObject({ team: idSchema('team'), members }),
  output: teamSchema,
  access: { action: 'update', on: ({ team }) => ({ type: 'team', id: team }) },
  audit: (_input, team) => ({ object: { kind: 'team', id: team.id }, details: { members: team.members.length } }),
  stepUp: true,
  http: { method: 'PUT', path: '/v1/teams/:team/members' },
  example: { input: { team: '01980000-0000-7000-8000-000000000001', members: [] } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant }, { team, members: users }) {
    const found = await teamById(tx, tenant, team)
    if (found === undefined) throw new Problem(doorProblems.not_found)
    await setMembers(tx, tenant, found, users)
    return (await teamById(tx, tenant, team)) ?? refuse(doorProblems.not_found)
  },
})

export const deleteTeam = operation({
  name: 'identity.delete_team',
  summary: 'Dissolve a team',
  input: z.strictObject({ team: idSchema('team') }),
  output: z.strictObject({ team: idSchema('team') }),
  access: { action: 'delete', on: ({ team }) => ({ type: 'team', id: team }) },
  audit: ({ team }) => ({ object: { kind: 'team', id: team } }),
  stepUp: true,
  http: { method: 'DELETE', path: '/v1/teams/:team' },
  example: { input: { team: '01980000-0000-7000-8000-000000000001' } },
  problems: [doorProblems.not_found],
  async run({ tx, tenant }, { team }) {
    const found = await teamById(tx, tenant, team)
    if (found === undefined) throw new Problem(doorProblems.not_found)
    await deleteTeamRow(tx, tenant, found)
    return { team }
  },
})
